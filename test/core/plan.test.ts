import { describe, expect, test } from "bun:test"
import { Fault } from "../../src/core/fault.ts"
import { conflictsOf, planDown, planUp, versionOf } from "../../src/core/plan.ts"
import type { Applied, Migration } from "../../src/core/types.ts"

/** `1a`: number 1, name `0001_a`; the checksum is the name unless a second word says otherwise. */
function file(short: string, sha = short, down = true): Migration {
  const name = `${short.slice(0, -1).padStart(4, "0")}_${short.at(-1)}`
  const sql = (path: string) => ({ path, text: "select 1;", sha256: sha })
  return { seq: Number(short.slice(0, -1)), name, up: sql(`migrations/${name}.sql`), down: down ? sql(`migrations/${name}.down.sql`) : null }
}

function row(short: string, state: Applied["state"] = "applied", sha = short): Applied {
  const { seq, name } = file(short)
  return { seq, name, sha256: sha, state, statementNo: null, runId: "r", appliedAt: new Date(0), durationMs: 1 }
}

function outcome(work: () => { readonly steps: readonly Migration[] }): string {
  try {
    return work().steps.map(step => step.name).join(" ")
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return `${error.exit}: ${error.message} | ${error.hint}`
  }
}

describe("planUp", () => {
  const abc = [file("1a"), file("2b"), file("3c")]
  test.each<[string, readonly Migration[], readonly Applied[], { to?: number; outOfOrder?: boolean }, string]>([
    ["everything on an empty database", abc, [], {}, "0001_a 0002_b 0003_c"],
    ["only what is pending", abc, [row("1a")], {}, "0002_b 0003_c"],
    ["nothing when all is applied", abc, [row("1a"), row("2b"), row("3c")], {}, ""],
    ["nothing without files", [], [], {}, ""],
    ["a file that was renumbered after it was applied", [file("1a"), file("2b"), file("3c")], [row("1a"), row("2c")], {}, "conflict: the database has 0002_c, which was renumbered to 0003_c after it was applied | nself db migrate repair"],
    ["up to a number", abc, [], { to: 2 }, "0001_a 0002_b"],
    ["up to a number that is applied already", abc, [row("1a"), row("2b")], { to: 1 }, ""],
    ["files in any order", [file("10x"), file("9y")], [], {}, "0009_y 0010_x"],
    ["a failed file of which nothing is in the database may be mended", [file("1a"), file("2b", "mended")], [row("1a"), row("2b", "failed")], {}, "0002_b"],
    ["a failed row is tried again", abc, [row("1a"), row("2b", "failed")], {}, "0002_b 0003_c"],
    ["an unfinished older row is no late file", abc, [row("1a", "running"), row("2b"), row("3c")], {}, "0001_a"],
    ["a late file on request", abc, [row("1a"), row("3c")], { outOfOrder: true }, "0002_b"],
    ["a late file is refused by name", abc, [row("1a"), row("3c")], {}, "conflict: 0002_b.sql is older than the last applied migration (0003) | nself db migrate renumber 0002_b.sql --to 0004, or nself db migrate up --out-of-order"],
    ["a renamed file with the same text is the same migration", [file("1b", "1a")], [row("1a")], {}, ""],
    ["an altered file", [file("1a", "other")], [row("1a")], {}, "tampered: migrations/0001_a.sql was altered after it was applied | nself db migrate verify-checksums"],
    ["another file under an applied number", [file("1b")], [row("1a")], {}, "conflict: the database has 0001_a as 0001, this folder has 0001_b.sql | nself db migrate renumber 0001_b.sql --to 0002"],
    ["a database that is ahead", [file("1a")], [row("1a"), row("7z")], {}, "refused: the database has migrations applied that are not in this folder: 0007_z | update this checkout (git pull), or restore the missing files from git"],
    ["a number that does not exist", abc, [], { to: 9 }, "usage: there is no migration 0009 | the last one is 0003: nself db migrate up --to 0003"],
    ["two files with one number", [file("1a"), file("2b"), file("2c")], [], {}, "conflict: two migrations carry number 0002: 0002_b.sql, 0002_c.sql | nself db migrate renumber 0002_c.sql --to 0003"],
  ])("%s", (_, files, rows, options, said) => {
    expect(outcome(() => planUp(files, rows, options))).toBe(said)
  })
})

describe("planDown", () => {
  const abc = [file("1a"), file("2b"), file("3c")]
  const all = [row("1a"), row("2b"), row("3c")]
  test.each<[string, readonly Migration[], readonly Applied[], number | undefined, string]>([
    ["the last one", abc, all, undefined, "0003_c"],
    ["down to a number", abc, all, 1, "0003_c 0002_b"],
    ["down to nothing", abc, all, 0, "0003_c 0002_b 0001_a"],
    ["nothing on an empty database", abc, [], undefined, ""],
    ["to the version it is at", abc, all, 3, ""],
    ["a number that is not applied", abc, [row("1a")], 2, "usage: version 0002 is not applied, so there is no way back to it | nself db migrate status"],
    ["a missing down file before anything is touched", [file("1a"), file("2b", "2b", false), file("3c")], all, 1, "refused: 0002_b has no down file; nothing was rolled back | write migrations/0002_b.down.sql, or go forward with a new migration"],
    ["a missing file", [file("1a"), file("2b")], all, undefined, "refused: 0003_c.sql is applied but not in the migrations folder; nothing was rolled back | restore 0003_c.sql and 0003_c.down.sql from git"],
    ["a half-applied one", abc, [row("1a"), row("2b", "running")], undefined, "refused: 0002_b is only half applied (running); nothing was rolled back | nself db migrate up"],
    ["an altered one", [file("1a", "other")], [row("1a")], undefined, "tampered: migrations/0001_a.sql was altered after it was applied | nself db migrate verify-checksums"],
  ])("%s", (_, files, rows, to, said) => {
    expect(outcome(() => planDown(files, rows, to))).toBe(said)
  })
})

test("the version is the newest wholly applied number", () => {
  expect(versionOf([row("1a"), row("3c"), row("4d", "failed")])).toBe(3)
  expect(versionOf([])).toBe(0)
})

test("conflicts are grouped by number, lowest first", () => {
  const groups = conflictsOf([file("4x"), file("2a"), file("4y"), file("2b"), file("3c")])
  expect(groups.map(group => group.map(one => one.name))).toEqual([["0002_a", "0002_b"], ["0004_x", "0004_y"]])
})
