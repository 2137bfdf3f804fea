create table pt (id int not null, k int not null, a int) partition by list (k);
create table pt1 partition of pt for values in (1);
create index pti on pt (a);
create index pti1 on pt1 (a);
