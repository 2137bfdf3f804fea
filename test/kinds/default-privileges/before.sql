create schema s; alter default privileges grant select on tables to ga; alter default privileges in schema s grant usage on sequences to gb;
create table t (id int primary key);
