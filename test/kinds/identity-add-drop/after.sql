create table t (id int generated always as identity primary key, other int not null, n int not null);
