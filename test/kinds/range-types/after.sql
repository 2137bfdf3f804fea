create function diff(a int, b int) returns float8 language sql immutable strict as 'select (a - b)::float8';
create type span as range (subtype = float8, subtype_diff = float8mi);
create type shifts as range (subtype = int, subtype_diff = diff, multirange_type_name = many_shifts);
create table t (id int primary key, s span, m span_multirange);
create table u (id int primary key, s shifts, m many_shifts);
comment on type shifts is 'hours';
