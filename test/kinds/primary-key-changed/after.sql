create table a (x int not null, y int not null, primary key (x, y));
create table b (x int not null, y int not null, primary key (y));
create table c (x int not null constraint c_new primary key);
create table d (x int not null, primary key (x));
