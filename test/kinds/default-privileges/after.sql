create table u (id int primary key); create schema s;
alter default privileges grant select on tables to ga; alter default privileges revoke execute on functions from public; alter default privileges in schema public grant insert on tables to gb;
create table t (id int primary key); create function f() returns int language sql as 'select 1';
