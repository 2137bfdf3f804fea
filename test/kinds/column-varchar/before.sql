create table t (a varchar(10) not null default 'x', b varchar(10)[], c numeric(5,2), d timestamp(3), e char(3));
