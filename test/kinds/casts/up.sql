DROP CAST (pair AS text);
DROP CAST (integer AS pair);
CREATE CAST (integer AS pair) WITH FUNCTION to_pair(integer) AS ASSIGNMENT;
COMMENT ON CAST (integer AS pair) IS 'twice';
