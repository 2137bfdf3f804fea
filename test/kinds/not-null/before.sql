create table t (a int not null, b int, c text not null default 'x', d text default 'y');
