create sequence s; create sequence s2 as smallint; create sequence s3 increment by -1; create sequence gone;
create table t (a int default nextval('s'));
