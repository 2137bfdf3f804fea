create schema "Odd Schema";
alter default privileges grant usage on schemas to gb;
