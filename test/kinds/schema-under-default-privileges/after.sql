alter default privileges grant usage on schemas to gb;
create schema later;
