create table t (a int);
create function cmp(int, int) returns int language sql immutable as 'select $2 - $1';
create operator class backwards for type int using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 cmp(int, int);
create index i on t (a backwards);
