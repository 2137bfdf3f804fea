create foreign data wrapper w options (debug 'false');
create server s version '2' foreign data wrapper w options (host 'b');
create server more type 'x' foreign data wrapper w;
create user mapping for public server s options ("user" 'y', password 'other');
create foreign table f (id int options (c 'key') not null, a varchar(10) default 'x', b int, check (b > 0)) server s options (tab 'g', x 'y');
create foreign table fresh (id int) server more;
comment on foreign table f is 'far';
comment on column f.b is 'away';
