create table t (a bigint unique deferrable, b varchar(50) unique); comment on constraint t_b_key on t is 'b';
create table u (b varchar(50) references t (b));
