create schema app;
create table app.orders (id int primary key, note text);
create table local (id int primary key, order_id int references app.orders (id));
