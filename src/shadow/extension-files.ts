/** The extensions that the embedded PostgreSQL knows, as the archives PGlite unpacks at boot. Their packages export no paths, hence the long ones. */
import btreeGin from "../../node_modules/@electric-sql/pglite/dist/btree_gin.tar.gz" with { type: "file" }
import btreeGist from "../../node_modules/@electric-sql/pglite/dist/btree_gist.tar.gz" with { type: "file" }
import citext from "../../node_modules/@electric-sql/pglite/dist/citext.tar.gz" with { type: "file" }
import fuzzystrmatch from "../../node_modules/@electric-sql/pglite/dist/fuzzystrmatch.tar.gz" with { type: "file" }
import hstore from "../../node_modules/@electric-sql/pglite/dist/hstore.tar.gz" with { type: "file" }
import intarray from "../../node_modules/@electric-sql/pglite/dist/intarray.tar.gz" with { type: "file" }
import ltree from "../../node_modules/@electric-sql/pglite/dist/ltree.tar.gz" with { type: "file" }
import pgTrgm from "../../node_modules/@electric-sql/pglite/dist/pg_trgm.tar.gz" with { type: "file" }
import pgcrypto from "../../node_modules/@electric-sql/pglite/dist/pgcrypto.tar.gz" with { type: "file" }
import tablefunc from "../../node_modules/@electric-sql/pglite/dist/tablefunc.tar.gz" with { type: "file" }
import unaccent from "../../node_modules/@electric-sql/pglite/dist/unaccent.tar.gz" with { type: "file" }
import uuidOssp from "../../node_modules/@electric-sql/pglite/dist/uuid-ossp.tar.gz" with { type: "file" }
import vector from "../../node_modules/@electric-sql/pglite-pgvector/dist/vector.tar.gz" with { type: "file" }

/** Path of each extension's archive, by the name that `CREATE EXTENSION` takes. */
export const EXTENSION_FILES: Readonly<Record<string, string>> = {
  btree_gin: btreeGin,
  btree_gist: btreeGist,
  citext,
  fuzzystrmatch,
  hstore,
  intarray,
  ltree,
  pg_trgm: pgTrgm,
  pgcrypto,
  tablefunc,
  unaccent,
  "uuid-ossp": uuidOssp,
  vector,
}
