create table p (id int primary key, code varchar(20));
create unique index p_code on p (code);
create table c (code varchar(20) references p (code));
