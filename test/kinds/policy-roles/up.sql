DROP POLICY "p" ON "t";
DO $role$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gb') THEN CREATE ROLE "gb"; END IF;
END $role$;
CREATE POLICY "p" ON "t" AS PERMISSIVE FOR ALL TO ga, gb
  USING (id > 0);
