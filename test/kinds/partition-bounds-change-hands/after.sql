create table pt (id int not null, k int, a text default 'x', primary key (id, k)) partition by list (k);
create index pta on pt (a);
create table p1 partition of pt for values in (2);
create table p2 partition of pt for values in (1);
create table other partition of pt default;
alter table p1 alter a set default 'own';
create index p2b on p2 (a, id);
