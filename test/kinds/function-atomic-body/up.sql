ALTER TABLE "t" ADD COLUMN "b" integer;
CREATE OR REPLACE FUNCTION "n"()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(t.b) AS count
    FROM t;
END;
CREATE OR REPLACE FUNCTION "m"()
 RETURNS SETOF t
 LANGUAGE sql
AS $function$select * from t$function$;
