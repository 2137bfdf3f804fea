create table t (r int4range, p point, constraint no_overlap exclude using gist (r with &&) where (not isempty(r)));
