create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
create aggregate gone(text) (sfunc = textcat, stype = text);
create view v as select total(a) from (values (1)) x(a);
