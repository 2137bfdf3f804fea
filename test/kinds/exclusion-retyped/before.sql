create table t (a int, b int, constraint e exclude using gist (int4range(a, b) with &&));
