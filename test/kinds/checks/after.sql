create table t (a int check (a > 1), b int, c text, constraint bothc check (a < b), constraint nv check (b > 5) no inherit);
alter table t add constraint later check (c <> '') not valid;
