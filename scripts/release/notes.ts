/**
 * What CHANGELOG.md says of one version, without its heading.
 *
 * @throws where there is no `## <version>`, or nothing below it: a release without notes is not made
 */
export function notesOf(changelog: string, version: string): string {
  const lines = changelog.split("\n")
  const start = lines.findIndex(line => line === `## ${version}` || line.startsWith(`## ${version} `))
  if (start < 0) throw new Error(`CHANGELOG.md has no "## ${version}"`)
  const length = lines.slice(start + 1).findIndex(line => line.startsWith("## "))
  const notes = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n").trim()
  if (notes === "") throw new Error(`CHANGELOG.md says nothing below "## ${version}"`)
  return `${notes}\n`
}
