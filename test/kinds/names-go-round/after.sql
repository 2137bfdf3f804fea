create table c (x int); create view a as select x from c; create type b as enum ('q');
