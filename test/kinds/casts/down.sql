DROP CAST (integer AS pair);
CREATE CAST (integer AS pair) WITH FUNCTION to_pair(integer);
CREATE CAST (pair AS text) WITH INOUT;
