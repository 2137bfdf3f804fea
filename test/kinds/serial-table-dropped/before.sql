create table t (id serial primary key, b bigserial);
create table u (id int default nextval('t_id_seq'));
create sequence s; create table w (a int default nextval('s')); alter sequence s owned by w.a;
