create table t (a int not null default 7 check (a > 0), b text default 'one' check (b <> ''));
