DROP INDEX "i";
DROP OPERATOR FAMILY "h" USING hash CASCADE;
DROP OPERATOR FAMILY "backwards" USING btree CASCADE;
DROP FUNCTION "cmp2"(integer, integer);
CREATE OPERATOR CLASS "backwards" FOR TYPE integer USING btree AS
  FUNCTION 1 (integer, integer) cmp(integer, integer),
  OPERATOR 1 >(integer, integer),
  OPERATOR 2 >=(integer, integer),
  OPERATOR 3 =(integer, integer),
  OPERATOR 4 <=(integer, integer),
  OPERATOR 5 <(integer, integer);
CREATE INDEX "i" ON "t" ("a" backwards);
