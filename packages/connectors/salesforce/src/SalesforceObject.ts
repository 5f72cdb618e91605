import { Resource } from "@crochet/core"
import type { DataType } from "@crochet/core"
import * as Changes from "./SalesforceChanges.ts"
import * as Listing from "./SalesforceListing.ts"
import { memory, type Wanted } from "./SalesforcePlan.ts"
import * as Query from "./SalesforceQuery.ts"
import { instant, type Row } from "./SalesforceRow.ts"

/** One object of Salesforce as one data type. */
export interface ObjectResource<D extends DataType.DataType> extends Omit<Wanted, "memory"> {
  readonly dataType: D
  readonly toRecord: (row: Row) => DataType.Input<D>
  readonly support: Resource.Resource<D, Row>["support"]
  /** Its record does not say when it changed last. */
  readonly untimed?: true
  readonly filterTexts?: { readonly [id: string]: readonly [label: string, help: string] }
}

/** When the app last touched the row, epoch milliseconds. */
export const updatedAt = (row: Row): number | undefined => {
  const stamp = instant(row, "SystemModstamp")
  return stamp === null ? undefined : Date.parse(stamp)
}

/**
 * What must not count as a change: `SystemModstamp` also moves when Salesforce itself touches a record, and the time of
 * the last change moves with every field.
 */
export const volatile = { raw: ["SystemModstamp"], record: ["info.updatedAt"] }

/** The resource of an object: listing, changes with deletions, single records. */
export const resource = <D extends DataType.DataType>(object: ObjectResource<D>): Resource.AnyResource => {
  const wanted: Wanted = { ...object, memory: memory() }
  return Resource.make<D, Row>({
    dataType: object.dataType,
    mapperVersion: 1,
    list: (context) => Listing.list(context, wanted),
    changes: { start: Changes.start, fetch: (context, cursor) => Changes.fetch(context, wanted, cursor) },
    get: (context, id) => Query.get(context, wanted, id),
    recordId: (row) => String(row.Id ?? ""),
    toRecord: object.toRecord,
    updatedAt,
    volatile: object.untimed === true ? { raw: volatile.raw } : volatile,
    support: object.support,
    filters: Object.entries(object.filterTexts ?? {}).map(([id, [label, help]]) => ({ id, label, help }))
  })
}
