CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION "uuid-ossp";
CREATE TABLE a (name citext PRIMARY KEY, tags citext[]);
CREATE TABLE t (id int PRIMARY KEY, name text, token uuid DEFAULT uuid_generate_v4());
CREATE INDEX t_name ON t USING gin (name gin_trgm_ops);
