create type pair as (x int, y int);
create function to_pair(int) returns pair language sql immutable as 'select row($1, $1)::pair';
create cast (int as pair) with function to_pair(int) as assignment;
comment on cast (int as pair) is 'twice';
