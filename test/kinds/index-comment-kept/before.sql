create table t (a varchar(10), b int);
create index i on t (lower(a)); comment on index i is 'why';
