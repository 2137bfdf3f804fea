create table users (id int primary key, name text, email text);
create index users_email on users (email);
create index users_name_email on users (name, email);
