create table t (id int, owner text);
alter table t enable row level security; alter table t force row level security;
create policy own on t as restrictive for update to postgres using (owner = current_user) with check (id > 0);
create policy "read all" on t for select using (exists (select from t u where u.id = t.id));
comment on policy own on t is 'own rows';
