create table t (a int, b varchar(3));
create materialized view m as select a, b from t;
create unique index m_a on m (a); comment on index m_a is 'for refresh concurrently';
