create table users (id int primary key);
create table posts (id int primary key, user_id int not null references users on delete cascade, parent int references posts);
create index posts_user on posts (user_id);
insert into users values (1); insert into posts values (1, 1, 1);
