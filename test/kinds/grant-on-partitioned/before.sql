create table pt (id int) partition by range (id); grant insert on pt to gb;
