create table t (id int primary key, p int, n numeric(5,2));
create recursive view tree (id, depth) as select id, 0 from t where p is null union all select t.id, depth + 1 from t join tree on t.p = tree.id;
create view agg as select p, count(*) filter (where n > 0) as c, sum(n)::numeric(9,2) as s from t group by p having count(*) > 1 order by p;
create view keyed as select t.id, t.p, t.n from t group by t.id;
