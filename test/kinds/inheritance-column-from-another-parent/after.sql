create table ip (id int not null, a int default 2, b text);
create table iq (z int);
create table ic2 (x int) inherits (ip, iq);
