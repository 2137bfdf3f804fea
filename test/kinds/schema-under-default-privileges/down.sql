DROP SCHEMA "later";
CREATE SCHEMA "Odd Schema";
REVOKE ALL ON SCHEMA "Odd Schema" FROM "gb";
