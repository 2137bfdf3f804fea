create table t (a bigint, b text);
create materialized view m as select a, b from t with no data;
create unique index m_a on m (a); comment on index m_a is 'for refresh concurrently';
