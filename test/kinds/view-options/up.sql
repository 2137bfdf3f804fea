DROP VIEW "w";
DROP VIEW "v";
CREATE VIEW "v" WITH (security_invoker=true) AS
 SELECT a
   FROM t;
CREATE VIEW "w" WITH (check_option=local) AS
 SELECT a
   FROM t
  WHERE a > 0;
