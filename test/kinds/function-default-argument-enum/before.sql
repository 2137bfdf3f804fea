create type mood as enum ('a', 'b');
create table t (m mood);
create function f(x mood default 'b') returns setof mood language sql as 'select x';
create trigger tr before insert on t for each row execute function suppress_redundant_updates_trigger();
drop trigger tr on t;
