DROP OPERATOR !!! (NONE, integer);
DROP OPERATOR === (integer, text);
CREATE OR REPLACE FUNCTION "emas"(text, integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 = $2::text$function$;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = integer, FUNCTION = emas, COMMUTATOR = OPERATOR(===));
COMMENT ON OPERATOR === (text, integer) IS 'the other way';
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = text, FUNCTION = same, COMMUTATOR = OPERATOR(===), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
CREATE VIEW "v" AS
 SELECT 1 === '1'::text AS x;
