create table ip (id int, a int);
create table ic (x text) inherits (ip);
create table pt (id int, k int) partition by list (k);
create table pt1 partition of pt (constraint own check (id > 0)) for values in (1);
