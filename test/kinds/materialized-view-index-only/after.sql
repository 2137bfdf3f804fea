create table t (a int, b text);
create materialized view m as select a, b from t;
create index m_a on m (a) where b is not null; create index m_b on m (b);
comment on column m.a is 'a';
