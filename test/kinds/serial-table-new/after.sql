create table t (id serial primary key, b bigserial);
create table u (id int default nextval('t_id_seq'));
