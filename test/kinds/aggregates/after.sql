create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '5', parallel = safe);
create aggregate longest(text) (sfunc = text_larger, stype = text, combinefunc = text_larger, sortop = >);
create aggregate middle(float8 order by float8) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
comment on aggregate longest(text) is 'the last one';
create view v as select total(a) from (values (1)) x(a);
