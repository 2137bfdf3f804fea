create table t (id int primary key); alter table t enable row level security; create policy p on t to ga, gb using (id > 0);
