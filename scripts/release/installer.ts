/**
 * The installer of one release: it knows where the release is, which version it is, and the sum of its list of sums, so that whoever
 * can change the files at the place of download cannot fool it.
 */
export function installerOf(script: string, released: { readonly url: string; readonly version: string; readonly sums: string }): string {
  return Object.entries(released).reduce((text, [name, value]) => {
    if (!/^[\w:/.+-]*$/.test(value)) throw new Error(`${name} cannot stand in a shell script: ${value}`)
    const line = `\nreleased_${name}=''\n`
    if (text.split(line).length !== 2) throw new Error(`install.sh has no line released_${name}=''`)
    return text.replace(line, `\nreleased_${name}='${value}'\n`)
  }, script)
}
