CREATE VIEW "tree" AS
 WITH RECURSIVE tree(id, depth) AS (
         SELECT t.id,
            0 AS "?column?"
           FROM t
          WHERE t.p IS NULL
        UNION ALL
         SELECT t.id,
            tree_1.depth + 1
           FROM t
             JOIN tree tree_1 ON t.p = tree_1.id
        )
 SELECT id,
    depth
   FROM tree;
CREATE VIEW "agg" AS
 SELECT p,
    count(*) FILTER (WHERE n > 0::numeric) AS c,
    sum(n)::numeric(9,2) AS s
   FROM t
  GROUP BY p
 HAVING count(*) > 1
  ORDER BY p;
CREATE VIEW "keyed" AS
 SELECT id,
    p,
    n
   FROM t
  GROUP BY id;
