CREATE TABLE "t" (

);
