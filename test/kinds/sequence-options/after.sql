create sequence s increment by 3 minvalue 0 maxvalue 100 start 5 cache 7 cycle; create sequence s2 as int; create sequence s3 increment by 1; create sequence fresh as smallint increment by -2;
create table t (a int default nextval('s'), b int default nextval('fresh'));
