import { expect, test } from "bun:test"
import { engineOf } from "../../src/pg/engine.ts"

test.each([
  ["PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc", "PostgreSQL 15.18"],
  ["PostgreSQL 18.4 on aarch64", "PostgreSQL 18.4"],
])("%s is taken", (said, engine) => expect(engineOf(said)).toBe(engine))

test.each([
  ["PostgreSQL 13.2 on x86", "PostgreSQL 13.2"],
  ["PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017, Redshift 1.0.77", "Redshift"],
  ["PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu", "YugabyteDB"],
  ["CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024)", "CockroachDB"],
  ["8.0.11-TiDB", "not PostgreSQL"],
])("%s is refused by name", (said, name) => expect(() => engineOf(said)).toThrow(name))
