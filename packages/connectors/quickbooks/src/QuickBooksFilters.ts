import { ConnectorError } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import type { Entity, Source } from "./QuickBooksEntities.ts"
import { quote } from "./QuickBooksQuery.ts"
import { object, text, type Row } from "./QuickBooksWire.ts"

/** A filter of a resource: what it is called, and what it means in a query and for a row that came without it. */
export interface Filter extends Resource.NativeFilter {
  /** The field of the row that it looks at; absent for the kind of record. */
  readonly field?: string
  readonly operator?: "=" | ">=" | "<="
}

/** Which of the two entities of a data type are read. */
export const kind = ({ entities }: Source, help: string): Filter => ({
  id: "kind",
  label: "Kind",
  help,
  values: entities.map(({ name }) => name)
})

/** Transactions of a span of days, both included. */
export const txnDates: ReadonlyArray<Filter> = [
  {
    id: "txnDateFrom",
    label: "Dated from",
    help: "Only transactions of this day or later, YYYY-MM-DD.",
    field: "TxnDate",
    operator: ">="
  },
  {
    id: "txnDateTo",
    label: "Dated to",
    help: "Only transactions of this day or earlier, YYYY-MM-DD.",
    field: "TxnDate",
    operator: "<="
  }
]

/** Only rows with a value in a field. */
export const equals = (
  id: string,
  field: string,
  label: string,
  help: string,
  values?: ReadonlyArray<string>
): Filter => ({
  id,
  label,
  help,
  field,
  operator: "=",
  ...(values === undefined ? {} : { values })
})

/** What a run reads of a source. */
export interface Plan {
  readonly entities: ReadonlyArray<Entity>
  readonly conditions: ReadonlyArray<string>
  /** Whether a row belongs to the data type at all. */
  readonly keeps: (row: Row) => boolean
  /** Whether a row that came without the filter, as changes do, fits it. */
  readonly fits: (row: Row) => boolean
}

const holds = (value: string, operator: Filter["operator"], wanted: string) =>
  operator === ">=" ? value >= wanted : operator === "<=" ? value <= wanted : value === wanted

/** Decides what to read for a run's filters; fails naming a filter that cannot be used. */
export const plan = Effect.fnUntraced(function* (
  source: Source,
  filters: ReadonlyArray<Filter>,
  context: Resource.ResourceContext
) {
  const given = filters.flatMap((filter) => {
    const value = context.filters[filter.id]
    return value === undefined ? [] : [{ ...filter, value }]
  })
  for (const { field, id, value } of given) {
    if (field === "TxnDate" && !/^\d{4}-\d{2}-\d{2}$/.test(value)) {
      return yield* context.client.fail(
        "list",
        new ConnectorError.InvalidRequest({ field: `filters.${id}`, message: `${id} must be a date as YYYY-MM-DD` })
      )
    }
  }
  const chosen = given.find(({ field }) => field === undefined)?.value
  const byField = given.flatMap(({ field, operator, value }) =>
    field === undefined ? [] : [{ field, operator, value }]
  )
  const { keeps = () => true } = source
  return {
    entities: source.entities.filter(({ name }) => chosen === undefined || name === chosen),
    conditions: byField.map(({ field, operator, value }) => `${field} ${operator ?? "="} ${quote(value)}`),
    keeps,
    fits: (row) =>
      keeps(row) &&
      byField.every(({ field, operator, value }) => {
        const found = text(row.wire[field]) ?? text(object(row.wire[field]).value)
        return found !== undefined && holds(found, operator, value)
      })
  } satisfies Plan
})
