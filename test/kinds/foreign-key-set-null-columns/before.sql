create table p (a int, b int, primary key (a, b));
create table c (a int, b int, constraint f foreign key (a, b) references p on delete set null);
