create table t (a int, b int);
create sequence s owned by t.a; create sequence free; create sequence mine owned by t.b;
