create table p (id int primary key, a int, b int, unique (a, b));
create table c (a int references p, b int references p on delete cascade, c int references p on update set null, d int references p deferrable, e int references p on delete set null, f int, foreign key (e, f) references p (a, b));
