create schema app; create type app.e as enum ('a'); create table app.t (a int primary key, e app.e); create table t (a int references app.t, e app.e default 'a');
create function app.f() returns app.e language sql as $$ select 'a'::app.e $$; create sequence app.s owned by app.t.a;
