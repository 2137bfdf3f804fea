create table t (m text default 'a', n text[]);
