create table t (a text, b bigint);
create index i on t (lower(a)) where b > 0; create index j on t (a, b); create unique index k on t ((b + 1));
