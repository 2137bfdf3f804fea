DROP INDEX "i";
DROP OPERATOR FAMILY "backwards" USING btree CASCADE;
CREATE OR REPLACE FUNCTION "cmp2"(integer, integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select -($1 - $2)$function$;
CREATE OPERATOR CLASS "backwards" FOR TYPE integer USING btree AS
  FUNCTION 1 (integer, integer) cmp2(integer, integer),
  OPERATOR 1 >(integer, integer),
  OPERATOR 2 >=(integer, integer),
  OPERATOR 3 =(integer, integer),
  OPERATOR 4 <=(integer, integer),
  OPERATOR 5 <(integer, integer);
CREATE OPERATOR CLASS "h" FOR TYPE integer USING hash AS
  FUNCTION 1 (integer, integer) hashint4(integer),
  OPERATOR 1 =(integer, integer);
COMMENT ON OPERATOR CLASS "h" USING hash IS 'hashed';
CREATE INDEX "i" ON "t" ("a" backwards);
