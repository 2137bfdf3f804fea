DROP AGGREGATE "gone"(text);
CREATE OR REPLACE AGGREGATE "total"(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '5', PARALLEL = SAFE);
CREATE AGGREGATE "longest"(text) (SFUNC = text_larger, STYPE = text, COMBINEFUNC = text_larger, SORTOP = OPERATOR(>));
COMMENT ON AGGREGATE "longest"(text) IS 'the last one';
CREATE AGGREGATE "middle"(double precision ORDER BY double precision) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
