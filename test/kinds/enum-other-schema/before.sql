create schema app;
create type app.mood as enum ('a', 'b', 'c');
create table app.t (m app.mood default 'a'); create table t (m app.mood default 'b');
