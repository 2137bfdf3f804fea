import { counted, fail, pass, warn, type Check } from "./check.ts"

export interface ServerFacts {
  /** `PostgreSQL 15.18`. */
  readonly engine: string
  readonly label: string
  readonly embedded: boolean
  readonly user: string
  readonly superuser: boolean
  readonly standby: boolean
  readonly readOnly: boolean
  readonly encoding: string
}

export function serverCheck({ engine, label, standby, readOnly, encoding }: ServerFacts): Check {
  if (standby) return fail("server", `${label} is a standby (${engine}): nothing can be changed there`, { next: "name the primary, or add target_session_attrs=read-write and all hosts" })
  if (readOnly) return fail("server", `sessions at ${label} are read-only (default_transaction_read_only)`, { next: "ALTER ROLE … SET default_transaction_read_only = off, or use another role" })
  if (encoding !== "UTF8") return warn("server", `${label} (${engine}) has encoding ${encoding}: text of migrations outside of it is refused`, { next: "a database made with ENCODING 'UTF8' takes every text" })
  return pass("server", `${engine} at ${label}`)
}

export interface TlsFacts {
  readonly embedded: boolean
  /** Whether the bytes stay on this machine. */
  readonly local: boolean
  /** `null`: the session is not encrypted. */
  readonly tls: { readonly version: string; readonly cipher: string } | null
  /** Whether the server's certificate was checked, name included. */
  readonly verified: boolean
}

export function tlsCheck({ embedded, local, tls, verified }: TlsFacts): Check {
  if (embedded) return pass("tls", "not needed: the database is embedded")
  if (tls && !verified && !local) return warn("tls", `${tls.version}, but the server's certificate is not checked: anybody on the way can pose as it`, { next: "sslmode=verify-full, with sslrootcert=… where the authority is not a public one" })
  if (tls) return pass("tls", `${tls.version}, ${tls.cipher}${verified ? ", certificate verified" : ""}`)
  if (local) return pass("tls", "not used: the server is on this machine")
  return fail("tls", "the connection to another machine is not encrypted", { next: "sslmode=verify-full" })
}

export function poolerCheck(pooled: boolean): Check {
  if (!pooled) return pass("pooler", "no pooler between: statements outside of a transaction can run")
  return warn("pooler", "a pooler (PgBouncer in transaction mode) stands between: CREATE INDEX CONCURRENTLY and the like will be refused", { next: "give migrations a direct connection: DATABASE_URL with the server's own port" })
}

export interface SettingsFacts {
  /** As `SHOW` prints them. */
  readonly lockTimeout: string
  readonly statementTimeout: string
  readonly idleTimeout: string
  /** max_locks_per_transaction × (max_connections + max_prepared_transactions). */
  readonly lockSlots: number
  readonly maxLocksPerTransaction: number
  /** Tables, indexes and sequences of all user schemas. */
  readonly relations: number
}

/** nself sets its own time-outs for each migration, so those of the role only matter to others. */
export function settingsCheck(facts: SettingsFacts): Check {
  const details = [
    `lock_timeout ${facts.lockTimeout}, statement_timeout ${facts.statementTimeout}, idle_in_transaction_session_timeout ${facts.idleTimeout} (nself sets its own for a migration)`,
    `max_locks_per_transaction ${facts.maxLocksPerTransaction}: room for ${facts.lockSlots} locks, ${facts.relations} relations`,
  ]
  if (facts.relations > facts.lockSlots) {
    return warn("settings", `the server has room for ${facts.lockSlots} locks, and there are ${facts.relations} relations: pg_dump or a reset of all would fail`, { details, next: `max_locks_per_transaction = ${Math.ceil((facts.maxLocksPerTransaction * facts.relations * 1.5) / facts.lockSlots / 64) * 64} in postgresql.conf, and a restart` })
  }
  return pass("settings", `room for ${facts.lockSlots} locks, ${counted(facts.relations, "relation")}`, { details })
}

export interface RightsFacts {
  readonly user: string
  readonly schema: string
  readonly exists: boolean
  readonly usage: boolean
  readonly create: boolean
  /** CREATE on the database: schemas and extensions. */
  readonly createInDatabase: boolean
  /** Relations of the schema that this role may not alter, with their owner. */
  readonly foreign: readonly { readonly name: string; readonly owner: string }[]
}

export function rightsCheck(facts: RightsFacts): Check {
  const { user, schema, foreign } = facts
  if (!facts.exists) return fail("rights", `schema ${schema} does not exist`, { next: `CREATE SCHEMA ${schema}` })
  if (!facts.usage || !facts.create) return fail("rights", `role ${user} may not create tables in schema ${schema}`, { next: `as its owner: GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${user}` })
  if (foreign.length > 0) {
    const owners = [...new Set(foreign.map(one => one.owner))]
    return warn("rights", `${counted(foreign.length, "relation")} in ${schema} cannot be altered by ${user}: ${owners.length === 1 ? `${owners[0]} owns ${foreign.length === 1 ? "it" : "them"}` : "others own them"}`, {
      details: foreign.slice(0, 10).map(one => `${one.name} (${one.owner})`), next: `as ${owners[0]}: GRANT ${owners[0]} TO ${user}`,
    })
  }
  const also = facts.createInDatabase ? "" : ", but not make schemas or extensions (no CREATE on the database)"
  return pass("rights", `${user} may create and alter in ${schema}${also}`)
}

export interface ExtensionsFacts {
  /** Those that migrations create, and whether the migration is applied. */
  readonly wanted: readonly { readonly name: string; readonly applied: boolean }[]
  readonly installed: readonly string[]
  readonly available: readonly string[]
}

export function extensionsCheck({ wanted, installed, available }: ExtensionsFacts): Check {
  const absent = wanted.filter(({ name }) => !installed.includes(name))
  const impossible = absent.filter(({ name }) => !available.includes(name)).map(one => one.name)
  if (impossible.length > 0) return fail("extensions", `the server does not have ${impossible.join(", ")}, which migrations create`, { next: `install the package of ${impossible[0]} on the server` })
  const gone = absent.filter(one => one.applied).map(one => one.name)
  if (gone.length > 0) return fail("extensions", `${gone.join(", ")} was created by an applied migration and is not there`, { next: `CREATE EXTENSION ${gone[0]}` })
  if (wanted.length === 0) return pass("extensions", "none is wanted by a migration")
  const coming = absent.map(one => one.name)
  return pass("extensions", `wanted and had: ${wanted.filter(one => one.applied).map(one => one.name).join(", ") || "none yet"}${coming.length > 0 ? `; available for pending migrations: ${coming.join(", ")}` : ""}`)
}
