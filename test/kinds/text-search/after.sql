create text search dictionary d (template = simple, accept = true);
create text search dictionary e (template = simple);
create text search configuration c (copy = simple);
alter text search configuration c alter mapping for word, asciiword with d, simple;
alter text search configuration c drop mapping for email;
comment on text search configuration c is 'ours';
comment on text search dictionary e is 'plain';
create table t (a text);
create index i on t using gin (to_tsvector('c', a));
