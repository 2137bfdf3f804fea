create table t (id int primary key, n bigint not null);
create unique index i on t (n);
alter table t replica identity using index i;
