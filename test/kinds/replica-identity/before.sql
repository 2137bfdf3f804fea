create table t (id int primary key, a int not null unique); alter table t replica identity full;
create table u (id int primary key, a int not null); create unique index ui on u (a); alter table u replica identity using index ui;
