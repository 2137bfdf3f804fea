create table users (id int primary key, name text, active boolean not null default true, made timestamptz default now());
