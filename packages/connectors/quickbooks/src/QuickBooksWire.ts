import { Dates, Money } from "@crochet/models"
import * as Schema from "effect/Schema"

/** A row or a part of it as the API writes it. */
export type WireRow = { readonly [field: string]: unknown }

/** The raw row of a resource: the API's row, verbatim, and what it is a row of. */
export interface Row {
  readonly entity: string
  readonly wire: WireRow
}

/** `GET /query`; an empty list is `QueryResponse: {}`. */
export const QueryAnswer = Schema.Struct({
  QueryResponse: Schema.Record(Schema.String, Schema.Unknown),
  time: Schema.optionalKey(Schema.Unknown)
})

/** `GET /cdc`: one group an entity that was asked for. */
export const CdcAnswer = Schema.Struct({
  CDCResponse: Schema.Array(
    Schema.Struct({
      QueryResponse: Schema.optionalKey(Schema.Array(Schema.Record(Schema.String, Schema.Unknown))),
      Fault: Schema.optionalKey(Schema.Unknown)
    })
  ),
  time: Schema.optionalKey(Schema.Unknown)
})

/** Whether the value is an object and no list. */
export const isObject = (value: unknown): value is WireRow =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The object, or one without anything. */
export const object = (value: unknown): WireRow => (isObject(value) ? value : {})

/** The objects of a list; nothing for what is no list. */
export const objects = (value: unknown): ReadonlyArray<WireRow> => (Array.isArray(value) ? value.filter(isObject) : [])

/** The text of a value; empty text, `null` and what is no scalar are `undefined`. */
export const text = (value: unknown): string | undefined => {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  if (typeof value !== "string") return undefined
  const trimmed = value.trim()
  return trimmed === "" ? undefined : trimmed
}

/** An amount, rate or quantity: a JSON number here, by way of its decimal text; `null` for anything else. */
export const decimal = (value: unknown): number | null => {
  // A number in this range prints without an exponent as the text that it came from: Money would give it back as it is.
  if (typeof value === "number" && Math.abs(value) < 1e15 && (Math.abs(value) >= 1e-6 || value === 0)) return value + 0
  return Money.parse(text(value))?.amount ?? null
}

/** The id in a reference: `{value: "12", name: "…"}`. */
export const ref = (row: WireRow, field: string): string | undefined => text(object(row[field]).value)

/** The name in a reference, where the API sends one. */
export const refName = (row: WireRow, field: string): string | undefined => text(object(row[field]).name)

/** The currency of a row, ISO 4217. */
export const currency = (row: WireRow): string | undefined => ref(row, "CurrencyRef")

/** When the row was made and last changed, as models carry it. */
export const stamps = (row: WireRow): { readonly createdAt: string | null; readonly updatedAt: string | null } => {
  const meta = object(row.MetaData)
  return {
    createdAt: Dates.fromInstant(text(meta.CreateTime)),
    updatedAt: Dates.fromInstant(text(meta.LastUpdatedTime))
  }
}

/** A stamp with a local offset as epoch milliseconds: stamps are compared as instants, never as text. */
export const instant = (stamp: unknown): number | undefined => {
  const known = Dates.fromInstant(text(stamp))
  return known === null ? undefined : Date.parse(known)
}

/** When the row was last changed. */
export const updatedAt = ({ wire }: Row): number | undefined => instant(object(wire.MetaData).LastUpdatedTime)
