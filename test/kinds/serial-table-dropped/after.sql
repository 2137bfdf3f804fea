create table u (id int);
create sequence s;
