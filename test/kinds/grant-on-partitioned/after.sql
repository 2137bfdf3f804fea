create table pt (id int) partition by range (id); create table p1 partition of pt default; grant select on pt to ga; grant select on p1 to gb;
