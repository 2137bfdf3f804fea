create extension btree_gist;
create table room (id int, r tstzrange, exclude using gist (id with =, r with &&));
