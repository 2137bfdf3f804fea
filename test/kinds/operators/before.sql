create function same(int, text) returns boolean language sql immutable as 'select $1::text = $2';
create operator === (function = same, leftarg = int, rightarg = text);
create operator !!! (function = int4um, rightarg = int);
