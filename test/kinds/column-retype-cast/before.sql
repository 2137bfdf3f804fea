create table t (id int primary key, n text, d text, j text);
insert into t values (1, '5', '2024-01-01', '{"a":1}');
