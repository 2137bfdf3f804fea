create table t (r int4range, p point);
