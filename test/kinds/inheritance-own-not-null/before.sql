create table ip (id int not null, a int);
create table ic (x text) inherits (ip);
alter table ic alter column id set not null;
create table pt (id int not null, k int) partition by list (k);
create table pt1 partition of pt (constraint own check (id > 0)) for values in (1);
alter table pt1 alter column id set not null;
