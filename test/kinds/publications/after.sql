create table t (id int primary key, a text);
create table u (id int primary key);
create publication p for table t, u with (publish = 'insert, update', publish_via_partition_root = true);
create publication everything for all tables with (publish = 'delete');
create publication none;
comment on publication none is 'empty';
