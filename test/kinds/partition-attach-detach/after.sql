create table m (id int not null, a text, constraint pos check (id > 0), primary key (id)) partition by range (id);
create index m_a on m (a);
create table p1 (id int not null primary key, a text, constraint pos check (id > 0));
create index p1_a_idx on p1 (a);
create table p2 (id int not null, a text, constraint pos check (id > 0), primary key (id));
alter table m attach partition p2 for values from (10) to (20);
