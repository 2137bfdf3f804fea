create table t (a bigint, b bigint, constraint e exclude using gist (int8range(a, b) with &&) deferrable initially deferred);
