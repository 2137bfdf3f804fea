/** SQLSTATEs of "it is there already" and "it is not there" by their names in PL/pgSQL. Source: PostgreSQL docs, Appendix A. */
const THERE = "duplicate_table OR duplicate_column OR duplicate_object OR duplicate_function OR duplicate_schema OR invalid_table_definition"
const GONE = "undefined_table OR undefined_column OR undefined_object OR undefined_function OR invalid_schema_name"

const MAKES = /^(?:CREATE (?!OR REPLACE)|ALTER TABLE (?:(?!\n).)*? ADD (?:COLUMN|CONSTRAINT) )/
const ENDS = /^(?:DROP (?![A-Z ]+ IF EXISTS )|ALTER TABLE (?:(?!\n).)*? DROP (?:COLUMN|CONSTRAINT) )/

/**
 * A statement of nself's own writers in a form that does nothing where its work is done already, so that one migration suits both a database that was
 * changed by hand and all the others. Alterations that set something say the same twice and stay as they are.
 */
export function guarded(statement: string): string {
  const codes = MAKES.test(statement) ? THERE : ENDS.test(statement) ? GONE : null
  if (codes === null) return statement
  let tag = "$nself$"
  for (let n = 1; statement.includes(tag); n++) tag = `$nself${n}$`
  return `DO ${tag} BEGIN\n${statement};\nEXCEPTION WHEN ${codes} THEN NULL;\nEND ${tag}`
}
