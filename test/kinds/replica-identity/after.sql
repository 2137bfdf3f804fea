create table t (id int primary key, a int not null unique); alter table t replica identity using index t_a_key;
create table u (id int primary key, a int not null); create unique index ui on u (a, id); alter table u replica identity using index ui;
create table w (id int); alter table w replica identity nothing;
