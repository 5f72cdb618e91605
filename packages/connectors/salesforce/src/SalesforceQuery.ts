import { ConnectorError, Paginator } from "@crochet/core"
import type { Page, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { because } from "./SalesforceErrors.ts"
import * as Plans from "./SalesforcePlan.ts"
import type { Row } from "./SalesforceRow.ts"
import { path, QueryAnswer } from "./SalesforceWire.ts"
import * as Soql from "./SalesforceSoql.ts"

type Context = Resource.ResourceContext
/** Pages of rows. */
export type Rows = Stream.Stream<Page.Pages<Row>, ConnectorError.ConnectorError>

/** The largest page of a query. */
const pageSize = 2000

const request = (operation: string, query: string) => ({ operation, path: path("/query"), query: { q: query } })

/**
 * The records of one page. An answer that holds fewer than it says is a truncated one; the server may well cut a page
 * shorter than asked for (long texts do that: seen 1,000 of 2,000 in 2026), but then it says that it is not done.
 */
const recordsOf = ({ object }: Plans.Plan, answer: QueryAnswer): QueryAnswer["records"] => {
  const { done, records, totalSize } = answer
  if (done ? records.length !== totalSize : records.length === 0) throw new TypeError("fewer records than announced")
  // An answer to another query, from a cache in between, would say that this object's records are gone.
  if (records.some((record) => isOfAnother(object, record.attributes))) throw new TypeError("records of another object")
  return records
}

const isOfAnother = (object: string, attributes: unknown): boolean =>
  Predicate.hasProperty(attributes, "type") &&
  typeof attributes.type === "string" &&
  attributes.type.toLowerCase() !== object.toLowerCase()

/**
 * A query read in the order of a key, page by page, each beginning after the last row of the one before. Cursors of the
 * server, which die and are few, are not used.
 */
const keyset = (
  context: Context,
  plan: Plans.Plan,
  options: {
    readonly operation: string
    readonly where: ReadonlyArray<string>
    readonly orderBy: string
    readonly key: (row: Row) => string
    readonly after: (key: string) => string
    readonly cursor?: string
  }
): Rows => {
  const page = (where: ReadonlyArray<string>) => Soql.select(plan, { where, orderBy: options.orderBy, limit: pageSize })
  return Paginator.cursor({
    request: () => request(options.operation, page(options.where)),
    param: (asked, key) => ({ ...asked, query: { q: page([...options.where, options.after(key)]) } }),
    answer: QueryAnswer,
    items: (answer) => recordsOf(plan, answer).map((record) => Plans.rowOf(plan, record)),
    id: (row) => `${String(row.Id)} ${String(row.SystemModstamp)}`,
    next: ({ done, records }) => {
      const last = records.at(-1)
      return last === undefined || (done && records.length < pageSize) ? null : options.key(Plans.rowOf(plan, last))
    },
    ...(options.cursor === undefined ? {} : { cursor: () => options.cursor }),
    paging: "keyset"
  })(context)
}

/** Everything, in the order of ids. */
export const list = (context: Context, plan: Plans.Plan): Rows =>
  keyset(context, plan, {
    operation: `${plan.object}.list`,
    where: Soql.filtered(plan),
    orderBy: "Id",
    key: (row) => String(row.Id),
    after: (id) => `Id > ${Soql.quote(id)}`
  })

/** What was touched since, in the order of the stamp and, where many share one, of ids. */
export const changed = (context: Context, plan: Plans.Plan, since: number, cursor: string): Rows =>
  keyset(context, plan, {
    operation: `${plan.object}.changes`,
    // Filters are judged row by row: what no longer fits must be found too.
    where: [`SystemModstamp >= ${Soql.instant(since)}`],
    orderBy: "SystemModstamp, Id",
    key: (row) => `${String(row.SystemModstamp)}|${String(row.Id)}`,
    after: (key) => {
      const [stamp = "", id = ""] = key.split("|")
      const at = Soql.instant(Date.parse(stamp))
      return `(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${Soql.quote(id)}))`
    },
    cursor
  })

/**
 * One record as the listings see it; none for what is deleted and for what is no id. An empty answer proves nothing:
 * only the record's own address says that it is gone.
 */
export const get = Effect.fnUntraced(function* (
  context: Context,
  wanted: Plans.Wanted,
  id: string
): Effect.fn.Return<Option.Option<Row>, ConnectorError.ConnectorError> {
  const { client } = context
  const operation = `${wanted.object}.get`
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id)) return Option.none()
  const read = (plan: Plans.Plan): Effect.Effect<Option.Option<Row>, ConnectorError.ConnectorError> =>
    client
      .decode(request(operation, Soql.select(plan, { where: [`Id = ${Soql.quote(id)}`], limit: 1 })), QueryAnswer)
      .pipe(
        Effect.map(({ records: [record] }) =>
          Option.map(Option.fromUndefinedOr(record), (found) => Plans.rowOf(plan, found))
        ),
        Effect.catch((error) => {
          const narrower = Plans.without(plan, error)
          return narrower === undefined ? Effect.fail(error) : read(narrower)
        })
      )
  const found = yield* read(yield* Plans.make(context, wanted))
  if (Option.isSome(found)) return found
  const own = { operation, path: path(`/sobjects/${wanted.object}/${id}`), query: { fields: "Id" }, accept: [404] }
  if ((yield* client.request(own)).status === 404) return found
  const message = "A query does not find a record that is there."
  return yield* client.fail(operation, new ConnectorError.BadPayload({ message }))
})

/** Which of the ids queries still see. */
export const living = Effect.fnUntraced(function* (context: Context, plan: Plans.Plan, ids: ReadonlyArray<string>) {
  const alive = new Set<string>()
  for (let at = 0; at < ids.length; at += 200) {
    const some = ids.slice(at, at + 200)
    const query = `SELECT Id FROM ${plan.object} WHERE Id IN (${some.map(Soql.quote).join(",")})`
    const { records } = yield* context.client.decode(request(`${plan.object}.deleted`, query), QueryAnswer)
    for (const { Id } of records) if (typeof Id === "string") alive.add(Id)
  }
  return alive
})

/** Deleted records that are still in the recycle bin, for objects whose deletions the app does not log. */
export const binned = Effect.fnUntraced(function* (context: Context, { object }: Plans.Plan, since: number) {
  const ids: Array<string> = []
  let after: string | undefined = ""
  while (after !== undefined) {
    const query: string = `SELECT Id FROM ${object} WHERE IsDeleted = TRUE AND SystemModstamp >= ${Soql.instant(since)}${
      after === "" ? "" : ` AND Id > ${Soql.quote(after)}`
    } ORDER BY Id LIMIT ${pageSize}`
    const { done, records }: QueryAnswer = yield* context.client.decode(
      { operation: `${object}.deleted`, path: path("/queryAll"), query: { q: query } },
      QueryAnswer
    )
    for (const { Id } of records) if (typeof Id === "string") ids.push(Id)
    after = records.length === 0 || (done && records.length < pageSize) ? undefined : ids.at(-1)
  }
  return ids
})

/** How many records a listing will have. */
export const count = (context: Context, plan: Plans.Plan) =>
  Effect.map(
    context.client.decode(request(`${plan.object}.count`, Soql.count(plan, Soql.filtered(plan))), QueryAnswer),
    ({ totalSize }) => totalSize
  )

/** Reads with the plan, and with less of it where a column is refused before anything came. */
export const narrowing = (
  context: Context,
  wanted: Plans.Wanted,
  plan: Plans.Plan,
  read: (plan: Plans.Plan) => Rows
): Rows => {
  let begun = false
  return read(plan).pipe(
    Stream.tap(() => Effect.sync(() => void (begun = true))),
    Stream.catchIf(
      (error) => !begun && Plans.without(plan, error) !== undefined,
      (error) =>
        Stream.unwrap(
          Effect.gen(function* () {
            const narrower = Plans.without(plan, error)!
            Plans.remember(context, wanted, narrower)
            const lost = [...plan.kinds.keys()].filter((name) => !narrower.kinds.has(name))
            yield* context.issue({
              code: "salesforce.fields_hidden",
              message: `${lost.join(", ")} of ${plan.object} cannot be read and are left out: ${because(error)}`
            })
            return narrowing(context, wanted, narrower, read)
          })
        )
    )
  )
}
