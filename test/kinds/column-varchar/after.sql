create table t (a varchar(40) not null default 'x', b varchar(20)[], c numeric(9,4), d timestamp(6) with time zone, e char(5));
