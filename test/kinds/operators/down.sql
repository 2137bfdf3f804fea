DROP VIEW "v";
DROP OPERATOR === (integer, text);
DROP OPERATOR === (text, integer);
DROP FUNCTION "emas"(text, integer);
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = text, FUNCTION = same);
CREATE OPERATOR !!! (RIGHTARG = integer, FUNCTION = int4um);
