import { closest } from "../../core/closest.ts"
import { Fault } from "../../core/fault.ts"
import { CHECKS, type CheckName } from "../../core/health/check.ts"
import type { Doctor } from "../../flows/doctor/doctor.ts"
import { command } from "../command.ts"
import { doctorText } from "../report/doctor.ts"
import { selectionIn, TENANTS } from "../tenant-options.ts"

export default command<Doctor>({
  path: "doctor",
  summary: "Check everything a migration depends on",
  shadow: true,
  options: {
    "--only <check...>": "Only these checks, for example --only ledger,checksums",
    "--fix": "Do what is safe: rights of environment files, .gitignore, INVALID indexes",
    "--url <url>": "Database, instead of the environment's",
    ...TENANTS,
  },
  examples: ["nself doctor --env prod", "nself doctor --only ledger,checksums,pending", "nself doctor --fix"],
  run: async (ctx, given) => {
    const only = given.values("only").flatMap(list => list.split(",")).map(checkName)
    const { doctor } = await import("../../flows/doctor/doctor.ts")
    return doctor(ctx, { env: given.value("env"), url: given.value("url"), only, fix: given.flag("fix"), tenants: selectionIn(given) })
  },
  text: doctorText,
  exit: ({ verdict }) => verdict,
})

function checkName(typed: string): CheckName {
  const found = CHECKS.find(name => name === typed)
  if (found) return found
  const near = closest(typed, CHECKS)
  throw new Fault("usage", `there is no check \`${typed}\``, near ? `--only ${near}` : `--only takes ${CHECKS.join(", ")}`)
}
