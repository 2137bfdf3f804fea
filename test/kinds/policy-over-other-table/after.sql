create table member (org bigint, who text);
create table doc (id int, org bigint);
alter table doc enable row level security;
create policy p on doc using (org in (select m.org from member m where m.who = current_user));
