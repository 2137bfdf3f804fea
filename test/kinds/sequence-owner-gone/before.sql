create table t (a int, b int);
create sequence s owned by t.b; alter table t alter a set default nextval('s');
