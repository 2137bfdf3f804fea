/** What one role may do with one object; `grantable` it may also give to others. */
export interface Rights {
  readonly plain: readonly string[]
  readonly grantable: readonly string[]
}

export const NONE: Rights = { plain: [], grantable: [] }

/** All that a table can be granted up to 16; 17 adds MAINTAIN. */
const TABLE = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
const ORDER = [...TABLE, "MAINTAIN", "USAGE", "CREATE", "EXECUTE"]

/**
 * In a fixed order. Whoever has all seven rights of a table has them ALL, with MAINTAIN or without: GRANT ALL gives it on 17 and later only, and a
 * database that came from an older server must not differ from one that was made there.
 */
export function allowed(rights: { readonly plain: readonly (string | null)[]; readonly grantable: readonly (string | null)[] }): Rights {
  const list = (some: readonly (string | null)[]) => {
    const present = some.filter(right => right !== null)
    const all = TABLE.every(right => present.includes(right))
    return all ? ["ALL"] : present.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
  }
  return { plain: list(rights.plain), grantable: list(rights.grantable) }
}

export const rightsText = ({ plain, grantable }: Rights): string =>
  [plain.join(", "), ...(grantable.length === 0 ? [] : [`${grantable.join(", ")} with grant option`])].filter(text => text !== "").join("; ") || "nothing"

const has = (list: readonly string[], right: string) => list.includes(right) || (list.includes("ALL") && TABLE.includes(right))
const spread = (list: readonly string[]) => list.flatMap(right => (right === "ALL" ? TABLE : [right]))

/** True where nothing of `some` is missing in `all`. */
export const isSuperset = (all: Rights, some: Rights): boolean =>
  spread(some.grantable).every(right => has(all.grantable, right)) && spread(some.plain).every(right => has(all.plain, right) || has(all.grantable, right))

export interface RightsChange { readonly verb: "GRANT" | "REVOKE"; readonly list: readonly string[]; readonly option: boolean }

/** From one list of rights to another: what goes, what loses its grant option, what comes. */
export function change(want: Rights, have: Rights): readonly RightsChange[] {
  const whole = (rights: Rights) => rights.plain.includes("ALL") || rights.grantable.includes("ALL")
  // ALL may hold MAINTAIN, which is not kept apart
  if (whole(have) && !whole(want)) return [{ verb: "REVOKE", list: ["ALL"], option: false }, ...change(want, NONE)]
  const any = (rights: Rights, right: string) => has(rights.plain, right) || has(rights.grantable, right)
  const [wanted, present] = [[...spread(want.plain), ...spread(want.grantable)], [...spread(have.plain), ...spread(have.grantable)]]
  const gone = present.filter(right => !wanted.includes(right))
  const nothing = wanted.length === 0 && present.length > 0
  return ([
    { verb: "REVOKE", list: nothing || gone.length >= TABLE.length ? ["ALL"] : gone, option: false },
    { verb: "REVOKE", list: spread(have.grantable).filter(right => has(want.plain, right)), option: true },
    { verb: "GRANT", list: want.plain.filter(right => (right === "ALL" ? TABLE.some(one => !any(have, one)) : !any(have, right))), option: false },
    { verb: "GRANT", list: want.grantable.filter(right => (right === "ALL" ? TABLE.some(one => !has(have.grantable, one)) : !has(have.grantable, right))), option: true },
  ] satisfies RightsChange[]).filter(one => one.list.length > 0)
}
