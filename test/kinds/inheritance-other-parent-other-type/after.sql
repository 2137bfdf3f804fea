create table ip (id int not null, a bigint default 1);
create table ic1 (id int not null, a bigint default 2, b text, z int, constraint ipc check (a >= 0));
alter table ic1 inherit ip;
