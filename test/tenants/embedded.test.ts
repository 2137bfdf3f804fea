import { afterAll, expect, test } from "bun:test"
import { nself, project } from "../support/nself.ts"
import { FILES } from "./support.ts"

let remove: () => Promise<void>
afterAll(() => remove())

test("tenants in the embedded database: created, rolled back, migrated, compared", async () => {
  const made = await project(FILES)
  remove = made.remove
  const type = async (args: string): Promise<string> => (await nself(made.dir, args, { env: {} })).replace(/Using the embedded.*\n/, "").replace(/in [\d.]+ s \(\d+\/s\)/, "in 0.1 s (9/s)")
  expect(await type("db tenant create acme")).toContain(`Created tenant acme in schema "tenant_acme", at version 0002.`)
  expect(await type("db migrate down --all-tenants")).toContain("Rolled back at 1 of 1 tenant in 0.1 s (9/s): version 0001.\n")
  expect(await type("db migrate up --all-tenants")).toContain("Applied to 1 of 1 tenant in 0.1 s (9/s): version 0002.\n")
  expect(await type("db migrate diff --all-tenants --fail-on-drift")).toContain("1 tenant (schemas tenant_*) in 1 shape.\nNo drift: 1 tenant at version 0002\n")
}, 300_000)
