create function same(int, text) returns boolean language sql immutable as 'select $1::text = $2';
create function emas(text, int) returns boolean language sql immutable as 'select $1 = $2::text';
create operator === (function = same, leftarg = int, rightarg = text, commutator = ===, restrict = eqsel, join = eqjoinsel, hashes);
create operator === (function = emas, leftarg = text, rightarg = int, commutator = ===);
comment on operator === (text, int) is 'the other way';
create view v as select 1 === '1' as x;
