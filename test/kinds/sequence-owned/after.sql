create table t (a int, b int);
create sequence s owned by t.b; create sequence free owned by t.a; create sequence mine;
