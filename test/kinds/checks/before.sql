create table t (a int check (a > 0), b int, c text constraint long check (length(c) < 10), constraint bothc check (a < b));
