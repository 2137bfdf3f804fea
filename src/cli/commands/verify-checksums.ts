import type { Verified } from "../../flows/verify-checksums.ts"
import { command } from "../command.ts"
import { verifyText } from "../report/verify-checksums.ts"

export default command<Verified>({
  path: "db migrate verify-checksums",
  summary: "Verify that applied migrations have not been altered",
  options: {
    "--offline": "Compare the files with the journal alone; no database is opened",
    "--url <url>": "Database, instead of the environment's",
  },
  run: async (ctx, given) => {
    const { verifyChecksums } = await import("../../flows/verify-checksums.ts")
    return verifyChecksums(ctx, { env: given.value("env"), url: given.value("url"), offline: given.flag("offline") })
  },
  text: verifyText,
  exit: ({ checks, findings }) => (findings.length > 0 || checks.some(check => check.state === "mismatch" || check.state === "missing") ? "tampered" : "ok"),
})
