create table t (id int generated always as identity (start with 7 increment by 7 maxvalue 7000));
