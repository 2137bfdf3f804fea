create type a as enum ('x', 'y'); comment on type a is 'letters';
create table t (c a);
