DROP AGGREGATE "middle"(double precision ORDER BY double precision);
DROP AGGREGATE "longest"(text);
CREATE OR REPLACE AGGREGATE "total"(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE AGGREGATE "gone"(text) (SFUNC = textcat, STYPE = text);
