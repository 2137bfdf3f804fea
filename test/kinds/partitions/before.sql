create table m (id int not null, at date not null, a int, b text, primary key (id, at)) partition by range (at);
create table m1 partition of m for values from ('2024-01-01') to ('2025-01-01');
create table m2 partition of m for values from ('2025-01-01') to ('2026-01-01');
create table md partition of m default;
create index m_a on m (a);
create index m1_b on m1 (b);
create table h (id int) partition by hash (id);
create table h0 partition of h for values with (modulus 2, remainder 0);
