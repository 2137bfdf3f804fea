create table t (a int, b int not null, c text default 'x', d text not null default 'y');
