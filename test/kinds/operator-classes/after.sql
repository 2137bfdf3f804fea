create table t (a int);
create function cmp(int, int) returns int language sql immutable as 'select $2 - $1';
create function cmp2(int, int) returns int language sql immutable as 'select -($1 - $2)';
create operator class backwards for type int using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 cmp2(int, int);
create operator class h for type int using hash as operator 1 =, function 1 hashint4(int);
comment on operator class h using hash is 'hashed';
create index i on t (a backwards);
