import { Country, Dates, Money } from "@crochet/models"

/** A value of a row in one spelling, whichever API it came by. */
export type Value = string | number | boolean | null | ReadonlyArray<string>

/** A record: the object's name as `type`, values by field; fields of related records as `Owner.Name`. */
export interface Row {
  readonly type: string
  readonly [field: string]: Value | undefined
}

/** How a field is read. */
export type Kind = "text" | "number" | "boolean" | "datetime" | "list"

/** The kind of a field by its type in the description; undefined for what cannot be read as a value. */
export const kindOf = (type: string): Kind | undefined => {
  switch (type) {
    case "boolean":
      return "boolean"
    case "double":
    case "currency":
    case "percent":
    case "int":
    case "long":
      return "number"
    case "datetime":
      return "datetime"
    case "multipicklist":
      return "list"
    // Compound and binary ones, which Bulk API refuses; the parts of a compound field are fields of their own.
    case "address":
    case "location":
    case "base64":
    case "complexvalue":
      return undefined
    default:
      return "text"
  }
}

/** REST gives JSON values and `+0000`, Bulk gives texts and `Z`: the same record must be the same row. */
export const valueOf = (kind: Kind, wire: unknown): Value => {
  if (wire === null || wire === undefined || wire === "") return null
  switch (kind) {
    case "boolean":
      return typeof wire === "boolean" ? wire : wire === "true" ? true : wire === "false" ? false : null
    case "number": {
      const number = typeof wire === "number" ? wire : Number(wire)
      return Number.isFinite(number) ? number : null
    }
    case "datetime":
      return typeof wire === "string" ? wire.replace(/\+0000$/, "Z") : null
    case "list":
      return typeof wire === "string" ? wire.split(";") : null
    case "text":
      return typeof wire === "string"
        ? wire
        : typeof wire === "number" || typeof wire === "boolean"
          ? String(wire)
          : null
  }
}

/** A text field; undefined where the app says nothing. */
export const text = (row: Row, field: string): string | undefined => {
  const value = row[field]
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined
}
/** A number that is no money. */
export const number = (row: Row, field: string): number | undefined => {
  const value = row[field]
  return typeof value === "number" ? value : undefined
}
/** An amount; none rather than a wrong one. */
export const amount = (row: Row, field: string): number | undefined => {
  const value = row[field]
  return typeof value === "number" ? Money.parse(String(value))?.amount : undefined
}
/** A flag. */
export const flag = (row: Row, field: string): "TRUE" | "FALSE" | undefined => {
  const value = row[field]
  return typeof value === "boolean" ? (value ? "TRUE" : "FALSE") : undefined
}
/** A point in time. */
export const instant = (row: Row, field: string) => Dates.fromInstant(text(row, field))
/** A calendar date. */
export const date = (row: Row, field: string) => Dates.fromCalendar(text(row, field))

/** The user behind `OwnerId` or `CreatedById`. */
export const user = (row: Row, relationship: string) => {
  const id = text(row, `${relationship}Id`)
  return id === undefined
    ? undefined
    : { id, name: text(row, `${relationship}.Name`), email: text(row, `${relationship}.Email`) }
}

/** The fields of an address, to be asked for; the codes are there only in orgs with lists of countries. */
export const addressFields = (of: string): ReadonlyArray<string> =>
  ["Street", "City", "State", "StateCode", "PostalCode", "Country", "CountryCode"].map((part) => `${of}${part}`)

/** A reader of an address, whose fields all begin with `of`; it gives undefined where nothing of it is known. */
export const addressReader = <T extends string>(of: string, addressType: T) => {
  // Names are put together once: this runs for every row.
  const [streetField, cityField, stateField, zipField] = [`${of}Street`, `${of}City`, `${of}State`, `${of}PostalCode`]
  const [countryField, codeField, stateCodeField] = [`${of}Country`, `${of}CountryCode`, `${of}StateCode`]
  return (row: Row) => {
    const street = text(row, streetField)
    const city = text(row, cityField)
    const state = text(row, stateField)
    const zipCode = text(row, zipField)
    const country = text(row, countryField)
    if ((street ?? city ?? state ?? zipCode ?? country) === undefined) return undefined
    const [line1, line2] = linesOf(street)
    const code = text(row, codeField) ?? Country.code(country) ?? undefined
    const stateCode = text(row, stateCodeField)
    const subdivisionCode = code === undefined || stateCode === undefined ? undefined : `${code}-${stateCode}`
    return {
      addressLine1: line1,
      addressLine2: line2,
      city,
      state,
      country: code,
      zipCode,
      addressType,
      subdivisionCode
    }
  }
}

const linesOf = (street: string | undefined): readonly [string | undefined, string | undefined] => {
  const end = street === undefined ? -1 : street.indexOf("\n")
  if (street === undefined || end < 0) return [street, undefined]
  const lines = street.split(/\r?\n/)
  return [lines[0] === "" ? undefined : lines[0], lines.slice(1).join(", ")]
}

/** What is there of the candidates; undefined for nothing. */
export const some = <A>(candidates: ReadonlyArray<A | undefined>): ReadonlyArray<A> | undefined => {
  const there = candidates.filter((one): one is A => one !== undefined)
  return there.length === 0 ? undefined : there
}

/** A phone number of a type. */
export const phone = <T extends string>(row: Row, field: string, type: T) => {
  const phoneNumber = text(row, field)
  return phoneNumber === undefined ? undefined : { type, phoneNumber }
}

/** The account's own fields, by API name. */
export const customFields = (row: Row) => {
  const fields: Record<string, Value | undefined> = {}
  for (const name in row) if (isCustom(name)) fields[name] = row[name]
  return { fields }
}

/** Whether a field is the account's own, also of a person account, or a part of such a field. */
export const isCustom = (name: string): boolean =>
  (name.endsWith("__c") || name.endsWith("__pc") || name.endsWith("__s")) && !name.includes(".")
