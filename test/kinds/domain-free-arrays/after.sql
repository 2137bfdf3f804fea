create table t (a bigint[], b text[][], c numeric(9,2)[], d date[] default '{}', e bit(4), f bit varying(9), g interval, h char(1), i text);
