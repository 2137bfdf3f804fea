create table t (a text default '1', b int default 0, c boolean default false);
insert into t default values;
