create table users (id bigint primary key);
create table posts (id bigint primary key, user_id bigint not null references users on delete cascade, parent bigint references posts);
create index posts_user on posts (user_id);
