create function me() returns bigint language sql stable as 'select 1::bigint';
create table t (a int); alter table t enable row level security; create policy p on t using (a = me());
