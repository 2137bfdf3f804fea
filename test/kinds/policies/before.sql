create table t (id int, owner text);
alter table t enable row level security;
create policy own on t using (owner = current_user);
create policy gone on t for insert with check (true);
