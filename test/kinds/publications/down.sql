DROP PUBLICATION "none";
DROP PUBLICATION "everything";
ALTER PUBLICATION "p" SET TABLE "t";
ALTER PUBLICATION "p" SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = false);
CREATE PUBLICATION "gone" FOR ALL TABLES;
