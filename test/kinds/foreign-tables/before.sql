create foreign data wrapper w options (debug 'true');
create server s foreign data wrapper w options (host 'a', port '1');
create user mapping for public server s options ("user" 'x', password 'secret');
create foreign table f (id int options (c 'id') not null, a text) server s options (tab 'f');
create foreign table gone (id int) server s;
