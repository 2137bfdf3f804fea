DROP PUBLICATION "gone";
ALTER PUBLICATION "p" SET TABLE "t", "u";
ALTER PUBLICATION "p" SET (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION "everything" FOR ALL TABLES WITH (publish = 'delete');
CREATE PUBLICATION "none";
COMMENT ON PUBLICATION "none" IS 'empty';
