create table m (id int not null, a text, constraint pos check (id > 0), primary key (id)) partition by range (id);
create index m_a on m (a);
create table p1 partition of m for values from (1) to (10);
create table p2 (id int not null, extra int);
