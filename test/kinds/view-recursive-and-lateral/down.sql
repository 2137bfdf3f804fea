DROP VIEW "keyed";
DROP VIEW "agg";
DROP VIEW "tree";
