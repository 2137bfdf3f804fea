-- Which seed files ran here, and with which text: one row per file, its last successful run.
CREATE TABLE "np_seeds" (
  "file" text PRIMARY KEY,
  "checksum" text NOT NULL,
  "ran_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "ran_by" text NOT NULL DEFAULT session_user,
  "environment" text NOT NULL,
  "runs" integer NOT NULL DEFAULT 1,
  "duration_ms" integer,
  "run_id" uuid NOT NULL,
  "nself_version" text
);
