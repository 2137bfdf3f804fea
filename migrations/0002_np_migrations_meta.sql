-- What this database is for: one row, written at the first `up` and compared by every command that changes something.
CREATE TABLE "np_migrations_meta" (
  "only_row" boolean PRIMARY KEY DEFAULT true CONSTRAINT "np_migrations_meta_only_row_check" CHECK ("only_row"),
  "environment" text NOT NULL,
  "project_id" text,
  "project_name" text,
  "marked_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "marked_by" text NOT NULL DEFAULT session_user
);
