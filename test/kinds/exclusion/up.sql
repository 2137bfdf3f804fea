ALTER TABLE "t" ADD CONSTRAINT "no_overlap" EXCLUDE USING gist (r WITH &&) WHERE (NOT isempty(r));
