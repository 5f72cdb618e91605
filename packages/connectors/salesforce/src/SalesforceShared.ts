import type { Support } from "@crochet/core"
import { flag, type Row, text } from "./SalesforceRow.ts"

/** Fields that nearly every object has. */
export const people: ReadonlyArray<string> = [
  "CreatedDate",
  "LastModifiedDate",
  "CreatedById",
  "CreatedBy.Name",
  "CreatedBy.Email"
]
/** Fields of objects that somebody owns and works on. */
export const owned: ReadonlyArray<string> = ["OwnerId", "Owner.Name", "Owner.Email", "LastActivityDate"]

/** The same support for several fields. */
export const all = (
  support: Support.Support,
  ...fields: ReadonlyArray<string>
): { readonly [field: string]: Support.Support } => Object.fromEntries(fields.map((field) => [field, support]))

/** The object of an id: its first three letters are the same in every org for standard objects. */
export const related = (row: Row, ...fields: ReadonlyArray<string>) => {
  const ids = fields.map((field) => text(row, field)).filter((id) => id !== undefined)
  const of = (prefix: string) => ids.find((id) => id.startsWith(prefix))
  return { accountId: of("001"), contactId: of("003"), dealId: of("006"), leadId: of("00Q") }
}

/** What `IsClosed` and `IsWon` say together, of a deal and of a stage. */
export const outcomeOf = (row: Row): "OPEN" | "WON" | "LOST" | undefined => {
  const closed = flag(row, "IsClosed")
  const won = flag(row, "IsWon")
  if (closed === "FALSE") return "OPEN"
  return closed === undefined || won === undefined ? undefined : won === "TRUE" ? "WON" : "LOST"
}
