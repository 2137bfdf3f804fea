create table iq (z int, a int);
create table ic1 (x text) inherits (iq);
