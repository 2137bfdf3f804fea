create table t (a text, b int);
create index i on t (lower(a)); comment on index i is 'why';
