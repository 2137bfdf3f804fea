create table t (a text not null default 'x' check (a <> ''), b int default 1 check (b > 0));
insert into t values ('5', 5);
