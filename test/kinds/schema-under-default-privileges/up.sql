DROP SCHEMA "Odd Schema";
CREATE SCHEMA "later";
GRANT USAGE ON SCHEMA "later" TO "gb";
