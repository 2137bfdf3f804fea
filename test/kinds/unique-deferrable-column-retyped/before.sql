create table t (a int unique deferrable, b varchar(5) unique); comment on constraint t_b_key on t is 'b';
create table u (b varchar(5) references t (b));
