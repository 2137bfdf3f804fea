create table t (a int, b int);
alter table t add constraint c check (a > 0);
create table p (id int primary key);
alter table t add constraint f foreign key (b) references p;
