create table a (x int); create view b as select x from a; create type c as enum ('q');
