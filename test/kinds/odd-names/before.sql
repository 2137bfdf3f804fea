create table "select" ("from" int primary key, "a.b" text);
