create type a as enum ('x'); comment on type a is 'letters';
create table t (c a);
