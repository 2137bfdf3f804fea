-- Who did what to this database with nself, and how it ended: rows come and never change. One table per database, in the application's schema.
CREATE TABLE "np_migrations_audit" (
  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "schema_name" text NOT NULL,
  "action" text NOT NULL,
  "version" bigint,
  "name" text,
  "checksum_before" text,
  "checksum_after" text,
  "result" text NOT NULL CONSTRAINT "np_migrations_audit_result_check" CHECK ("result" IN ('done', 'failed')),
  "detail" text,
  "run_id" uuid NOT NULL,
  "role_name" text NOT NULL DEFAULT session_user,
  "os_user" text,
  "host" text,
  "ci_run" text,
  "git_commit" text,
  "nself_version" text NOT NULL
);
CREATE FUNCTION "np_migrations_audit_append_only"() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'np_migrations_audit is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege'; END$$;
CREATE TRIGGER "np_migrations_audit_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "np_migrations_audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "np_migrations_audit_append_only"();
ALTER TABLE "np_migrations_audit" ENABLE ALWAYS TRIGGER "np_migrations_audit_append_only";
