import type { Accounting } from "@crochet/models"
import { Country } from "@crochet/models"
import type * as Schema from "effect/Schema"
import { object, objects, text, type WireRow } from "./QuickBooksWire.ts"

type Address = (typeof Accounting.Address)["Encoded"]
type Phone = (typeof Accounting.Phone)["Encoded"]
type Email = { readonly email: string; readonly isPrimary: "TRUE" }

/** An address; a free one has its parts in up to five lines and nothing else. */
export const address = (source: unknown, addressType: Address["addressType"]): ReadonlyArray<Address> => {
  const row = object(source)
  const lines = ["Line1", "Line2", "Line3", "Line4", "Line5"].flatMap((line) => text(row[line]) ?? [])
  const country = text(row.Country)
  const parts = {
    addressLine1: lines[0] ?? null,
    addressLine2: lines.length > 1 ? lines.slice(1).join(", ") : null,
    city: text(row.City) ?? null,
    state: text(row.CountrySubDivisionCode) ?? null,
    country: Country.code(country) ?? country ?? null,
    zipCode: text(row.PostalCode) ?? null
  }
  if (Object.values(parts).every((part) => part === null)) return []
  return [{ ...parts, addressType, id: text(row.Id) ?? null }]
}

/** The addresses of a row, those that it has. */
export const addresses = (
  row: WireRow,
  fields: { readonly [field: string]: Address["addressType"] }
): ReadonlyArray<Address> => Object.entries(fields).flatMap(([field, type]) => address(row[field], type))

const phoneFields = [
  ["PrimaryPhone", "NOT_SPECIFIED"],
  ["Mobile", "MOBILE"],
  ["AlternatePhone", "OTHER"],
  ["Fax", "FAX"]
] as const

/** The phones of a row; the primary one may be any kind of phone. */
export const phones = (row: WireRow): ReadonlyArray<Phone> =>
  phoneFields.flatMap(([field, type]) => {
    const phoneNumber = text(object(row[field]).FreeFormNumber)
    return phoneNumber === undefined
      ? []
      : [{ type, phoneNumber, ...(field === "PrimaryPhone" ? { isPrimary: "TRUE" as const } : {}) }]
  })

/** The e-mail addresses of a field, which may hold several with commas between them. */
export const emails = (source: unknown): ReadonlyArray<Email | { readonly email: string }> =>
  (text(object(source).Address) ?? "")
    .split(/[,;]/)
    .map((email) => email.trim())
    .filter((email) => email !== "")
    .map((email, at) => (at === 0 ? { email, isPrimary: "TRUE" } : { email }))

/** The web address of a row. */
export const urls = (row: WireRow): ReadonlyArray<string> | null => {
  const url = text(object(row.WebAddr).URI)
  return url === undefined ? null : [url]
}

/** The account's own fields, by name: `[{DefinitionId, Name, Type, StringValue}]`. Null when the row has none. */
export const customFields = (row: WireRow): { readonly [key: string]: Schema.Json } | null => {
  const fields: Record<string, Schema.Json> = {}
  for (const field of objects(row.CustomField)) {
    const key = text(field.Name) ?? text(field.DefinitionId)
    if (key === undefined) continue
    const value = field.StringValue ?? field.NumberValue ?? field.BooleanValue ?? field.DateValue
    fields[key] = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null
  }
  return Object.keys(fields).length === 0 ? null : fields
}
