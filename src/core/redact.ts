const MASK = "***"

/**
 * Makes the one door through which text leaves: passwords in URLs, `password=…` and every known secret are masked.
 *
 * @param secrets  known passwords; each is masked as it is, percent-encoded and JSON-escaped. Those under 4 characters are only
 *                 masked inside URLs and `password=…`, because masking them everywhere would garble ordinary words.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter(secret => secret.length >= 4).flatMap(formsOf))
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length)
  return text => longestFirst.reduce((left, secret) => left.replaceAll(secret, MASK), maskUrls(text))
}

function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)]
}

/** Greedy up to the last `@` of a word, because an unencoded password may itself contain `/`, `#` or `@`. */
function maskUrls(text: string): string {
  return text
    .replace(/(\bpostgres(?:ql)?:\/\/[^\s:@/"'`]*):[^\s"'`]*@/gi, `$1:${MASK}@`)
    .replace(/(\b(?:pg)?pass(?:word|wd)\s*=\s*)('[^']*'|"[^"]*"|[^\s&'"`]+)/gi, `$1${MASK}`)
}

/** Passwords that an environment holds: those of connection URLs and of variables whose name says so. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value) return []
    if (/PASSWORD|PASSWD|PGPASS$|SECRET/i.test(name)) return [value]
    return passwordsIn(value)
  })
}

/** The passwords inside one connection URL, as written and percent-decoded; empty when it is not a URL with one. */
export function passwordsIn(url: string): string[] {
  const found = /^postgres(?:ql)?:\/\/[^:@/]*:(.*)@/is.exec(url)?.[1]
  const named = /[?&]password=([^&#]*)/i.exec(url)?.[1]
  return [found, named].flatMap(raw => (raw ? [raw, decoded(raw)] : []))
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}
