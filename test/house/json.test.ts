import { expect, setDefaultTimeout, test } from "bun:test"
import Ajv from "ajv/dist/2020"
import { join } from "node:path"
import { commands } from "../../src/cli/commands.ts"
import { EXIT } from "../../src/core/fault.ts"
import { everyCommand, SCHEMAS, SITUATIONS, type Answer } from "../support/every-command.ts"

setDefaultTimeout(600_000)

interface Envelope { readonly command: string | null; readonly data?: unknown; readonly error?: { readonly class: keyof typeof EXIT; readonly exit_code: number } }

const file = (path: string): string => join(SCHEMAS, `${path.replaceAll(" ", "-")}.schema.json`)

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true })
const compiled = async (path: string) => ajv.compile((await Bun.file(file(path)).json()) as object)
const isEnvelope = await compiled("envelope")
const schemas = new Map(await Promise.all(commands.map(async ({ path }) => [path, await compiled(path)] as const)))
const answered = new Set<string>()

test.each([...SITUATIONS])("every JSON answer is what docs/schemas says, in good days and bad: %s", async situation => {
  const wrong: object[] = []
  await everyCommand(situation, ({ typed, stdout, exit }: Answer) => {
    const envelope = JSON.parse(stdout) as Envelope
    if (!isEnvelope(envelope)) wrong.push({ typed, errors: isEnvelope.errors })
    if (envelope.error && (EXIT[envelope.error.class] !== exit || envelope.error.exit_code !== exit)) wrong.push({ typed, exit, error: envelope.error })
    const schema = envelope.command === null ? undefined : schemas.get(envelope.command)
    if (envelope.data === undefined || !schema) return
    answered.add(envelope.command!)
    if (!schema(envelope.data)) wrong.push({ typed, errors: schema.errors?.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`) })
  })
  expect(wrong).toEqual([])
})

test("every command was among them", () => {
  expect([...answered].toSorted()).toEqual(commands.map(({ path }) => path).toSorted())
})
