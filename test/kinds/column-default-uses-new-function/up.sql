CREATE OR REPLACE FUNCTION "nextname"()
 RETURNS text
 LANGUAGE sql
AS $function$ select 'n' $function$;
ALTER TABLE "t" ADD COLUMN "b" text DEFAULT nextname();
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT length(nextname());
