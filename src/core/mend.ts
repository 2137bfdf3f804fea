import { splitStatements, type Statement } from "./statements.ts"
import { tokensOf } from "./tokens.ts"

/** A text with as few changes as let nself run it, and what was changed. */
export interface Mended {
  readonly text: string
  readonly notes: readonly string[]
}

const BREAKPOINT = /-->\s*statement-breakpoint/g
/** The first line of a file that runs statement by statement. */
export const DIRECTIVE = "-- nself:no-transaction"

/**
 * What other tools forgive and PostgreSQL does not, when a file is sent whole: a statement without its semicolon in front of a breakpoint, BEGIN and
 * COMMIT by hand, a role that another database of the cluster has made already.
 *
 * @param alone  the other tool runs it outside of a transaction
 */
export async function mend(original: string, alone: boolean): Promise<Mended> {
  const whole = await withSemicolons(original)
  const begun = await withoutOwnTransaction(whole.text)
  const roles = await withRolesOnce(begun.text)
  const notes = [...whole.notes, ...begun.notes, ...roles.notes]
  const own = (await splitStatements(roles.text)).some(one => one.trouble === "transaction")
  if (!(alone || own) || roles.text.startsWith(DIRECTIVE)) return { text: roles.text, notes }
  const text = `${DIRECTIVE}\n${own ? await withWholePairs(roles.text) : roles.text}`
  const left = (await splitStatements(text)).find(one => one.trouble === "transaction")
  return { text, notes: [
    ...notes, alone ? "runs outside of a transaction, as before" : "runs statement by statement, because it begins and ends transactions itself",
    ...(left ? [`nself up will refuse its ${left.text}: write the file anew before it has to run on a new database`] : []),
  ] }
}

/**
 * The other tool had opened a transaction already: a COMMIT without BEGIN ended that, a BEGIN without COMMIT was ended by the tool. Both get their other
 * half; where nothing stands between, the half goes.
 */
async function withWholePairs(text: string): Promise<string> {
  const statements = await splitStatements(text)
  const own = statements.filter(one => one.trouble === "transaction")
  const chars = [...text]
  const last = own.at(-1)!
  if (/^(begin|start)\b/i.test(last.text)) {
    if (last === statements.at(-1)) cut(chars, last, "")
    else chars.push(/;\s*$/.test(text) ? "\nCOMMIT;\n" : ";\nCOMMIT;\n")
  }
  const first = own[0]!
  if (/^(commit|end)\b/i.test(first.text)) {
    if (first === statements[0]) cut(chars, first, "")
    else chars.splice(statements[0]!.start, 0, "BEGIN;\n")
  }
  return chars.join("")
}

/** Puts a remark in the place of a statement and its semicolon. */
function cut(chars: string[], { start, text }: Statement, why: string): void {
  const end = start + [...text].length
  const gap = chars.slice(end).findIndex(char => !/\s/.test(char))
  const upTo = gap >= 0 && chars[end + gap] === ";" ? end + gap + 1 : end
  chars.splice(start, upTo - start, `-- ${text}${why}\n`)
}

/** drizzle sends what stands between two breakpoints on its own. */
async function withSemicolons(text: string): Promise<Mended> {
  const chunks = text.split(BREAKPOINT)
  if (chunks.length === 1) return { text, notes: [] }
  const marks = [...text.matchAll(BREAKPOINT)].map(found => found[0])
  let added = 0
  const ended = await Promise.all(chunks.map(async (chunk, i) => {
    const last = i === chunks.length - 1 ? undefined : (await tokensOf(chunk))?.at(-1)
    if (!last || last.text === ";") return chunk
    added++
    const bytes = Buffer.from(chunk)
    return `${bytes.toString("utf8", 0, last.end)};${bytes.toString("utf8", last.end)}`
  }))
  const notes = added === 0 ? [] : [`${added} statement${added === 1 ? "" : "s"} had no semicolon in front of a breakpoint`]
  return { text: ended.map((chunk, i) => chunk + (marks[i] ?? "")).join(""), notes }
}

/** BEGIN in front of everything and COMMIT behind it say what nself does anyway. */
async function withoutOwnTransaction(text: string): Promise<Mended> {
  const statements = await splitStatements(text)
  const own = statements.filter(one => one.trouble === "transaction")
  const [first, last] = [statements[0], statements.at(-1)]
  const around = own.length === 2 && own[0] === first && own[1] === last && /^(begin|start)\b/i.test(first!.text) && /^(commit|end)\b/i.test(last!.text)
  if (!around || statements.some(one => !one.transactional)) return { text, notes: [] }
  const chars = [...text]
  cut(chars, last!, ": nself runs the file in one transaction")
  cut(chars, first!, ": nself runs the file in one transaction")
  return { text: chars.join(""), notes: ["its BEGIN and COMMIT were taken out: nself runs it in one transaction"] }
}

/** Roles belong to the whole cluster: the second database would fail. */
async function withRolesOnce(text: string): Promise<Mended> {
  const roles = (await splitStatements(text)).filter(one => one.node === "CreateRoleStmt")
  if (roles.length === 0) return { text, notes: [] }
  const chars = [...text]
  for (const { start, text: sql } of roles.toReversed()) {
    chars.splice(start, [...sql].length, `DO $nself$ BEGIN\n  ${sql};\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $nself$`)
  }
  return { text: chars.join(""), notes: [`${roles.length === 1 ? "its role is" : "its roles are"} made only where the cluster does not have ${roles.length === 1 ? "it" : "them"}`] }
}

/** The text without the home schema's name in front of names, so that it makes the same in a tenant's schema. Texts and function bodies are left alone. */
export async function withoutHome(text: string, home: string): Promise<string> {
  const tokens = await tokensOf(text)
  if (!tokens) return text
  const bytes = Buffer.from(text)
  const kept: string[] = []
  let from = 0
  for (const [i, token] of tokens.entries()) {
    const named = token.text === `"${home}"` || token.text.toLowerCase() === home
    if (!named || tokens[i + 1]?.text !== "." || tokens[i - 1]?.text === "." || !tokens[i + 2]) continue
    kept.push(bytes.toString("utf8", from, token.start))
    from = tokens[i + 2]!.start
  }
  return kept.join("") + bytes.toString("utf8", from)
}
