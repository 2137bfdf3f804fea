create table users (id int primary key);
insert into users values (1);
