create table t (a int[], b text[][], c numeric(5,2)[], d timestamptz[] default '{}', e bit(3), f bit varying(5), g interval day to second, h "char", i name);
