create table t (a int, b int, c text);
create statistics s (ndistinct) on a, b from t;
create statistics gone on b, c from t;
create statistics e on (lower(c)) from t;
