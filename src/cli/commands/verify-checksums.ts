import { Fault } from "../../core/fault.ts"
import type { TenantsVerified } from "../../flows/tenants/verify.ts"
import type { Verified } from "../../flows/runner/verify-checksums.ts"
import { command } from "../command.ts"
import { tenantsVerifyText, unreadFault } from "../report/tenants-status.ts"
import { verifyText } from "../report/verify-checksums.ts"
import { selectionIn, TENANTS } from "../tenant-options.ts"

export default command<Verified | TenantsVerified>({
  path: "db migrate verify-checksums",
  summary: "Verify that applied migrations have not been altered",
  options: {
    "--offline": "Compare the files with the journal alone; no database is opened",
    "--url <url>": "Database, instead of the environment's",
    ...TENANTS,
  },
  examples: ["nself db migrate verify-checksums --env staging", "nself db migrate verify-checksums --offline"],
  run: async (ctx, given) => {
    const selection = selectionIn(given)
    if (selection && given.flag("offline")) throw new Fault("usage", "`--offline` asks no database, so it knows no tenants", "nself db migrate verify-checksums --offline")
    if (selection) {
      const { tenantsVerify } = await import("../../flows/tenants/verify.ts")
      return tenantsVerify(ctx, { env: given.value("env"), url: given.value("url"), selection })
    }
    const { verifyChecksums } = await import("../../flows/runner/verify-checksums.ts")
    return verifyChecksums(ctx, { env: given.value("env"), url: given.value("url"), offline: given.flag("offline") })
  },
  text: (result, paint) => ("bad" in result ? tenantsVerifyText(result, paint) : verifyText(result, paint)),
  exit: result => (isTampered(result) ? "tampered" : "ok"),
  fault: result => ("bad" in result && result.bad.length === 0 ? unreadFault(result) : null),
})

function isTampered(result: Verified | TenantsVerified): boolean {
  if ("bad" in result) return result.bad.length > 0
  return result.findings.length > 0 || result.checks.some(check => check.state === "mismatch" || check.state === "missing")
}
