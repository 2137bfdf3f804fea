create domain email as text constraint email_check check (value like '%@%.%');
alter domain email add constraint short check (length(value) < 200) not valid;
create domain qty as int default 2 constraint positive check (value >= 1);
create domain code as varchar(10) collate "C" not null;
create domain fresh as numeric(10,2) default 0;
comment on domain fresh is 'money';
comment on constraint email_check on domain email is 'at and dot';
create table t (id int primary key, e email, n qty, c code, f fresh);
