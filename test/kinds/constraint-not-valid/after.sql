create table t (id int primary key, a int, constraint c check (a > 0));
alter table t add constraint f foreign key (a) references t;
alter table t add constraint d check (a < 100) not valid;
