create table old_users (id int primary key);
create table posts (id int primary key, user_id int references old_users);
