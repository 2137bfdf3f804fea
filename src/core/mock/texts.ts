import { has, type Task, type ValueMaker } from "./maker.ts"
import { below, bits, chance, pick, subKey } from "./random.ts"

/**
 * A text that fits its column's name.
 *
 * @param most  characters that the type takes at most
 */
export function textMaker(task: Task, most: number): ValueMaker {
  const limit = Math.min(most, task.hints.maxLength)
  const make = fitting(task, limit)
  return cased(task, filled(task, limit, task.unique ? make : row => cut(make(row), limit)))
}

/** Checks may want more characters than the text has. */
function filled({ hints, key }: Task, limit: number, make: ValueMaker): ValueMaker {
  if (hints.minLength === 0) return make
  return row => {
    let text = make(row)
    for (let part = 0; text.length < hints.minLength; part++) text += letters(subKey(key, part), row, Math.min(8, Math.min(limit, hints.minLength) - text.length || 1))
    return text
  }
}

function cased({ hints }: Task, make: ValueMaker): ValueMaker {
  return hints.lower === null ? make : hints.lower ? row => make(row).toLowerCase() : row => make(row).toUpperCase()
}

/** No half characters, no space at the end: CHAR and VARCHAR treat it unlike. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, "").trimEnd() || text.slice(0, limit)
}

type Style = (task: Task) => { readonly make: ValueMaker; /** Puts a number in, so that no two are alike. */ readonly tag?: (text: string, number: string) => string }

function fitting(task: Task, limit: number): ValueMaker {
  const { make, tag = plainTag } = styleFor(task.words, task.tableWords, limit)(task)
  const { unique } = task
  if (!unique) return make
  return row => {
    const number = String(row + 1)
    if (number.length + 1 >= limit) return shortCode(row, limit)
    const tagged = tag(make(row), number)
    return tagged.length <= limit ? tagged : `${cut(make(row).replace(/[^A-Za-z0-9]/g, ""), limit - number.length - 1)}-${number}`
  }
}

const plainTag = (text: string, number: string): string => `${text} ${number}`

const CODE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/** A number in base 36, `limit` characters long: what fits where nothing else does. */
function shortCode(row: number, limit: number): string {
  let [text, rest] = ["", row]
  for (let i = 0; i < limit; i++) [text, rest] = [CODE[rest % 36]! + text, Math.floor(rest / 36)]
  return text
}

/** Lower-case letters without meaning. */
export function letters(key: number, row: number, count: number): string {
  let text = ""
  for (let i = 0; i < count; i++) text += "abcdefghijklmnopqrstuvwxyz"[below(26, subKey(key, i), row)]
  return text
}

/** Hex digits without meaning. */
export function hex(key: number, row: number, count: number): string {
  let text = ""
  for (let part = 0; text.length < count; part++) text += bits(subKey(key, part), row).toString(16).padStart(8, "0")
  return text.slice(0, count)
}

const first = ({ pools, rowKey }: Task) => (row: number): string => pick(pools.firstNames, subKey(rowKey, 10), row)
const last = ({ pools, rowKey }: Task) => (row: number): string => pick(pools.lastNames, subKey(rowKey, 11), row)
const ascii = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "")
const DOMAINS = ["example.com", "example.org", "example.net", "mail.example.com", "corp.example.com"]

const person: Style = task => {
  const [given, family] = [first(task), last(task)]
  return { make: row => `${given(row)} ${family(row)}` }
}
const email: Style = task => {
  const [given, family] = [first(task), last(task)]
  const domain = subKey(task.rowKey, 12)
  return {
    make: row => `${ascii(given(row))}.${ascii(family(row))}@${pick(DOMAINS, domain, row)}`,
    tag: (text, number) => text.replace("@", `${number}@`),
  }
}
const username: Style = task => {
  const [given, family] = [first(task), last(task)]
  return { make: row => `${ascii(given(row))}${task.unique ? "" : "_"}${ascii(family(row)).slice(0, task.unique ? 1 : 12)}`, tag: (text, number) => `${text}${number}` }
}
const phone: Style = ({ key }) => ({
  make: row => `+1-${200 + below(799, key, row)}-555-${String(below(10_000, subKey(key, 1), row)).padStart(4, "0")}`,
  tag: (text, number) => `${text.slice(0, 6)}${number.padStart(7, "0")}`,
})
const from = (list: (task: Task) => readonly string[], tag?: (text: string, number: string) => string): Style => task => {
  const values = list(task)
  return { make: row => pick(values, task.key, row), ...(tag ? { tag } : {}) }
}
const slugTag = (text: string, number: string): string => `${text}-${number}`
const slug: Style = ({ pools, key }) => ({ make: row => `${pick(pools.words, key, row)}-${pick(pools.words, subKey(key, 1), row)}`, tag: slugTag })
const url = (path: string): Style => ({ pools, key }) => ({
  make: row => `https://${pick(DOMAINS, key, row)}/${path}${pick(pools.words, subKey(key, 1), row)}`, tag: slugTag,
})
const image: Style = ({ key }) => ({ make: row => `https://example.com/images/${hex(key, row, 12)}.png`, tag: (text, number) => text.replace(".png", `${number}.png`) })
const address: Style = ({ pools, key }) => ({ make: row => `${1 + below(9900, key, row)} ${pick(pools.streets, subKey(key, 1), row)}`, tag: (text, number) => `${text}, Unit ${number}` })
const zip: Style = ({ key }) => ({ make: row => String(10_000 + below(90_000, key, row)) })
const token: Style = ({ key, unique }) => ({ make: row => hex(key, row, 40), ...(unique ? { tag: (text, number) => `${text.slice(number.length)}${number}` } : {}) })
const code: Style = ({ key }) => ({
  make: row => `${letters(key, row, 3).toUpperCase()}-${String(below(100_000, subKey(key, 9), row)).padStart(5, "0")}`, tag: (text, number) => `${text.slice(0, 4)}${number.padStart(5, "0")}`,
})
const ip: Style = ({ key, unique }) => ({ make: row => `10.${octets(unique ? row : bits(key, row))}` , tag: text => text })
const version: Style = ({ key }) => ({ make: row => `${below(5, key, row)}.${below(20, subKey(key, 1), row)}.${below(30, subKey(key, 2), row)}`, tag: (text, number) => `${text}-${number}` })
const paragraph: Style = task => {
  const { pools, key } = task
  const more = subKey(key, 7)
  return { make: row => (chance(60, more, row) ? pick(pools.paragraphs, key, row) : `${pick(pools.paragraphs, key, row)}\n\n${pick(pools.paragraphs, subKey(key, 1), row)}`) }
}
const phrase: Style = ({ pools, key }) => ({ make: row => `${pick(pools.words, key, row)} ${pick(pools.words, subKey(key, 1), row)}`, tag: plainTag })

/** Three octets of an address. */
export const octets = (number: number): string => `${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`

const PEOPLE = ["user", "users", "person", "people", "customer", "customers", "member", "members", "employee", "employees", "author", "authors", "contact", "contacts", "profile", "profiles",
  "account", "accounts", "student", "students", "teacher", "teachers", "patient", "patients", "driver", "drivers", "guest", "guests", "lead", "leads", "staff", "player", "players"]
const FIRMS = ["company", "companies", "tenant", "tenants", "org", "orgs", "organization", "organizations", "organisation", "organisations", "vendor", "vendors", "supplier", "suppliers", "client", "clients", "team", "teams", "brand", "brands"]
const GOODS = ["product", "products", "item", "items", "good", "goods", "article", "articles"]

/** The first row whose words the name has decides. Words are whole: `title` is none of `subtitle`. */
const STYLES: readonly (readonly [readonly string[], Style])[] = [
  [["email", "mail", "emails"], email],
  [["username", "login", "handle", "nickname", "nick"], username],
  [["firstname", "forename"], task => ({ make: first(task) })], [["lastname", "surname"], task => ({ make: last(task) })],
  [["phone", "mobile", "tel", "telephone", "fax", "cell"], phone],
  [["avatar", "image", "photo", "picture", "logo", "thumbnail", "icon", "cover", "banner"], image],
  [["url", "website", "link", "homepage", "href", "uri", "domain", "site"], url("")],
  [["slug", "permalink", "path"], slug],
  [["city", "town"], from(({ pools }) => pools.cities)], [["state", "province", "region"], from(({ pools }) => pools.states)],
  [["zip", "zipcode", "postal", "postcode", "plz"], zip], [["country"], from(({ pools }) => pools.countries)],
  [["address", "street"], address],
  [["timezone", "tz"], from(({ pools }) => pools.timezones)], [["currency"], from(({ pools }) => pools.currencies)],
  [["locale", "language", "lang"], from(() => ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh"])],
  [["color", "colour"], from(({ pools }) => pools.colors)], [["gender", "sex"], from(() => ["female", "male", "other"])],
  [["ip", "ipaddress"], ip], [["agent", "useragent", "browser"], from(({ pools }) => pools.userAgents)],
  [["token", "secret", "hash", "password", "key", "checksum", "sha", "sha256", "md5", "digest", "salt", "signature", "fingerprint"], token],
  [["sku", "code", "reference", "ref", "number", "serial", "barcode", "isbn"], code],
  [["mime", "mimetype"], from(({ pools }) => pools.mimeTypes)], [["file", "filename"], from(({ pools }) => pools.files)], [["version"], version],
  [["company", "employer", "organization", "organisation", "vendor", "supplier", "brand"], from(({ pools }) => pools.companies)],
  [["job", "occupation", "profession", "position"], from(({ pools }) => pools.jobs)],
  [["product"], from(({ pools }) => pools.products)],
  [["body", "content", "text", "message", "bio", "article", "html", "markdown", "biography"], paragraph],
  [["description", "summary", "comment", "note", "notes", "about", "excerpt", "details", "remarks", "reason", "question", "answer", "caption"], from(({ pools }) => pools.sentences)],
  [["title", "subject", "headline", "heading", "topic"], from(({ pools }) => pools.titles)],
  [["status", "phase", "stage"], from(() => ["active", "pending", "done", "failed", "paused"])],
  [["category", "genre", "type", "kind", "group", "tag", "label", "tags", "labels", "keyword", "scope", "permission", "role"], from(({ pools }) => pools.words.slice(0, 24))],
  [["author", "owner", "customer", "contact", "recipient", "sender"], person],
]

function styleFor(words: readonly string[], table: readonly string[], limit: number): Style {
  if (has(words, "first", "given") && has(words, "name")) return task => ({ make: first(task) })
  if (has(words, "last", "family") && has(words, "name")) return task => ({ make: last(task) })
  if (has(words, "country") && (has(words, "code", "iso") || limit <= 3)) return from(() => (limit === 3 ? ["USA", "DEU", "FRA", "GBR", "ESP", "ITA", "JPN", "BRA"] : ["US", "DE", "FR", "GB", "ES", "IT", "JP", "BR"]))
  if (has(words, "user") && has(words, "agent")) return from(({ pools }) => pools.userAgents)
  if (has(words, "id", "uuid") && words.length > 0) return token
  const found = STYLES.find(([names]) => has(words, ...names))
  if (found) return found[1]
  if (has(words, "name")) return named(words, table)
  return limit < 12 ? task => ({ make: row => letters(task.key, row, Math.max(1, Math.min(limit, 8))) }) : phrase
}

/** What a `name` is depends on whose it is. */
function named(words: readonly string[], table: readonly string[]): Style {
  const about = [...words, ...table]
  if (has(words, "full", "display") || has(about, ...PEOPLE)) return person
  if (has(about, ...FIRMS)) return from(({ pools }) => pools.companies)
  if (has(about, ...GOODS)) return from(({ pools }) => pools.products)
  return from(({ pools }) => pools.titles)
}
