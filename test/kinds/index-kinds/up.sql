DROP INDEX "i_b";
CREATE INDEX "i_b" ON "t" USING hash ("b");
CREATE INDEX "i_c" ON "t" USING gin ("c" jsonb_path_ops);
CREATE INDEX "i_d" ON "t" USING gin ("d") WITH (fastupdate=off);
CREATE INDEX "i_e" ON "t" USING gist ("e");
CREATE INDEX "i_f" ON "t" USING brin ("a") WITH (pages_per_range=16);
CREATE UNIQUE INDEX "i_lower"
  ON "t" (lower(b),(a + 1) DESC NULLS LAST)
  WHERE a > 0 AND b <> 'x;y'::text;
CREATE INDEX "i_pattern" ON "t" ("b" text_pattern_ops,"a" DESC,"b" COLLATE "C" NULLS FIRST);
CREATE UNIQUE INDEX "i_incl" ON "t" ("a") INCLUDE ("b","c") NULLS NOT DISTINCT WITH (fillfactor=80);
CREATE INDEX "i_json" ON "t" ((c ->> 'name'::text),((c -> 'x'::text) ->> 'y'::text));
