create table p (id int primary key, a int, b int, unique (a, b));
create table c (a int references p on delete restrict on update cascade, b int references p on delete set default, c int references p, d int references p deferrable initially deferred, e int references p on delete set null, f int, foreign key (e, f) references p (a, b) match full on delete set null);
alter table c add constraint nv foreign key (a, b) references p (b, a) not valid;
create unique index u on p (b, a);
drop index if exists u cascade;
