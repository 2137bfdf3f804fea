/** Realistic material, made by faker with a fixed seed: what a mock format means depends on it, so faker's version is part of the format. */
export interface Pools {
  readonly firstNames: readonly string[]
  readonly lastNames: readonly string[]
  readonly companies: readonly string[]
  readonly streets: readonly string[]
  readonly cities: readonly string[]
  readonly states: readonly string[]
  readonly countries: readonly string[]
  readonly jobs: readonly string[]
  readonly products: readonly string[]
  readonly words: readonly string[]
  readonly titles: readonly string[]
  readonly sentences: readonly string[]
  readonly paragraphs: readonly string[]
  readonly userAgents: readonly string[]
  readonly colors: readonly string[]
  readonly currencies: readonly string[]
  readonly timezones: readonly string[]
  readonly files: readonly string[]
  readonly mimeTypes: readonly string[]
}

const SEED = 20260501

let made: Promise<Pools> | null = null

/** Made once per process, in about a tenth of a second. */
export function openPools(): Promise<Pools> {
  return (made ??= make())
}

async function make(): Promise<Pools> {
  const { faker } = await import("@faker-js/faker/locale/en")
  faker.seed(SEED)
  const many = (count: number, one: () => string): string[] => [...new Set(Array.from({ length: count }, one))]
  return {
    firstNames: many(900, () => faker.person.firstName()),
    lastNames: many(900, () => faker.person.lastName()),
    companies: many(700, () => faker.company.name()),
    streets: many(700, () => faker.location.street()),
    cities: many(600, () => faker.location.city()),
    states: many(300, () => faker.location.state()),
    countries: many(600, () => faker.location.country()),
    jobs: many(300, () => faker.person.jobTitle()),
    products: many(600, () => faker.commerce.productName()),
    words: many(900, () => faker.word.noun()).filter(word => /^[a-z]+$/.test(word)),
    titles: [...many(150, () => faker.book.title()), ...many(450, () => faker.company.catchPhrase())],
    sentences: [...many(400, () => faker.hacker.phrase()), ...many(600, () => faker.lorem.sentence())],
    paragraphs: many(700, () => faker.lorem.paragraph({ min: 2, max: 5 })),
    userAgents: many(120, () => faker.internet.userAgent()),
    colors: many(200, () => faker.color.human()),
    currencies: many(300, () => faker.finance.currencyCode()),
    timezones: many(300, () => faker.location.timeZone()),
    files: many(200, () => faker.system.commonFileName()),
    mimeTypes: many(60, () => faker.system.mimeType()),
  }
}
