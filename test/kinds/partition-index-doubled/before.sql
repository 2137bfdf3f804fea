create table pt1 (id int not null, k int, a int, b int, x int);
create index pti1 on pt1 (a);
