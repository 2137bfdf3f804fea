create table t (id int constraint t_old primary key, n int);
create view keyed as select t.id, t.n from t group by t.id;
