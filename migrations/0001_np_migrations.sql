-- nself's ledger: one row per applied migration. It lives in the schema it speaks of, so a restored tenant brings its history along.
CREATE TABLE "np_migrations" (
  "version" bigint PRIMARY KEY,
  "name" text NOT NULL,
  "checksum" text NOT NULL,
  "checksum_algo" text NOT NULL DEFAULT 'sha256-lf-1',
  "state" text NOT NULL DEFAULT 'applied' CONSTRAINT "np_migrations_state_check" CHECK ("state" IN ('applied', 'running', 'failed', 'reverted')),
  "statement_no" integer,
  "run_id" uuid NOT NULL,
  "applied_by" text NOT NULL DEFAULT session_user,
  "client" text,
  "nself_version" text,
  "started_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "finished_at" timestamptz,
  "duration_ms" integer,
  "error" text
);
