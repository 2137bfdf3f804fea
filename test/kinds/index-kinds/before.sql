create table t (a int, b text, c jsonb, d tsvector, e int4range, f text[]);
create index i_b on t (b); create index i_same on t (a desc);
