import { ConnectorError, Page, Paginator } from "@crochet/core"
import { Effect, Schema, Stream } from "effect"
import { ask, byHand, changed, forgiving, listing, mapped, type Pages, type Sabotage } from "./Sabotage.ts"
import { parts, People, type Row, tiny } from "./TinyConnector.ts"

/** A paginator that is told a total that is none. */
const counting = Paginator.cursor({
  request: () => ({ operation: "employee.list", path: "/v1/people" }),
  answer: People,
  items: ({ people }) => people,
  next: ({ next }) => next,
  total: ({ people }) => people.length,
  param: "cursor"
})
const all = new Set<string>()
const remembered = new Map<string, Row>()

/** Connectors that are wrong about deletions. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "never finds who was removed",
    connector: tiny({
      list: (context) =>
        Stream.map(parts.list(context), (next) => {
          if (Page.isEnd(next)) return next
          for (const row of next.records) remembered.set((row as Row).id, row as Row)
          return next.records.length === 4
            ? next
            : {
                ...next,
                records: [...remembered.values()]
                  .filter(({ id }) => !next.records.some((row) => (row as Row).id === id))
                  .concat(next.records as never)
              }
        }),
      changes: {
        ...parts.changes,
        fetch: (context, cursor) =>
          Stream.map(parts.changes.fetch(context, cursor), (next) =>
            Page.isEnd(next) ? next : { ...next, deleted: [] }
          )
      }
    }),
    check: "a removed record is one record.deleted",
    says: /was not found by deltas and listings/
  },
  {
    name: "takes the inactive for active",
    connector: mapped(() => ({ employmentStatus: "ACTIVE" })),
    check: "becomes inactive",
    says: /no record\.deleted/
  },
  {
    name: "takes 404 for the end",
    connector: listing(forgiving(["NotFound"])),
    check: "404, on any request",
    says: /404 for GET \/v1\/people .*deleted that are there/
  },
  {
    name: "takes 403 for the end",
    connector: listing(forgiving(["Forbidden"])),
    check: "403, on any request",
    says: /403 for GET \/v1\/people .*deleted that are there/
  },
  {
    name: "takes 401 for the end",
    connector: listing(forgiving(["Unauthorized"])),
    check: "401, on any request",
    says: /401 for GET \/v1\/people .*deleted that are there/
  },
  {
    name: "takes an outage for the end",
    connector: listing(forgiving(["Unavailable"])),
    check: "500, on any request",
    says: /500 for GET \/v1\/people .*deleted that are there/
  },
  {
    name: "takes a broken connection for the end",
    connector: listing(forgiving(["Unavailable"])),
    check: "breaks in the body, on any",
    says: /deleted that are there/
  },
  {
    name: "takes HTML for the end",
    connector: listing(forgiving(["BadPayload"])),
    check: "HTML with status 200",
    says: /HTML with status 200 for GET \/v1\/people .*deleted that are there/
  },
  {
    name: "takes half an answer for the end",
    connector: listing(forgiving(["BadPayload"])),
    check: "half of the JSON",
    says: /half of the JSON for .*deleted that are there/
  },
  {
    name: "takes {} for an empty page",
    connector: listing(forgiving(["BadPayload"])),
    check: "{}, on any request",
    says: /\{\} for .*deleted that are there/
  },
  {
    name: "takes throttling for the end",
    connector: listing(forgiving(["RateLimited"])),
    check: "429, on any request",
    says: /429 for .*deleted that are there/
  },
  {
    name: "counts what came instead of comparing with the app's total",
    connector: listing((context) => counting(context)),
    check: "while the app's total says that there are more",
    says: /Records missing in request \d: \d record\(s\) deleted that are there/
  },
  {
    name: "pages for ever",
    connector: listing(byHand({})),
    check: "repeats a page for ever",
    says: /requests were sent because the app repeats its answer/
  },
  {
    name: "drops rows that it cannot read",
    connector: listing(
      byHand({ rows: (rows) => rows.filter((row) => Schema.is(Schema.Struct({ given: Schema.String }))(row)) })
    ),
    check: "a row that cannot be read",
    says: /deleted that are there|nothing says so/
  },
  {
    name: "lets one bad row stop all",
    connector: listing((context) =>
      Stream.mapEffect(parts.list(context), (next) =>
        Page.isEnd(next) || next.records.every((row) => typeof (row as Row).given === "string")
          ? Effect.succeed(next)
          : Effect.fail(context.client.fail("employee.list", new ConnectorError.BadPayload({ message: "a bad row" })))
      )
    ),
    check: "a row that cannot be read",
    says: /did not come: the run is failed/
  },

  ...(
    [
      ["503", "503, on any request", "Unavailable"],
      ["an empty body", "an empty body, on any", "BadPayload"],
      ["[]", "[], on any request", "BadPayload"],
      ["null", "null, on any request", "BadPayload"],
      ["a connection that breaks", "breaks at once, on any", "Unavailable"],
      ["silence", "no answer at all, on any", "Unavailable"]
    ] as const
  ).map(([what, check, tag]): Sabotage => ({
    name: `takes ${what} for the end`,
    connector: listing(forgiving([tag])),
    check,
    says: /GET \/v1\/people .*deleted that are there/
  })),
  {
    name: "mints an end where it swallowed an error",
    connector: listing(forgiving(["Unavailable"])),
    check: "swallows an error ends no listing",
    says: /A swallowed error of request \d: \d+ record\(s\) deleted/
  },
  {
    name: "takes an empty page for the removal of all",
    connector: listing((context) =>
      Stream.map(parts.list(context), (next) => {
        if (Page.isEnd(next)) return next
        for (const row of next.records) all.add((row as Row).id)
        return next.records.length > 0 ? next : { ...next, deleted: [...all] }
      })
    ),
    check: "an app that suddenly shows nobody",
    says: /A listing with empty answers: 11 record\(s\) deleted/
  },
  {
    name: "counts rows to find its next page",
    connector: listing((context) => {
      const step = (nth: number): Pages =>
        Stream.unwrap(
          Effect.map(Stream.runCollect(parts.list({ ...context, checkpoint: null })), (read): Pages => {
            const rows = read.flatMap((one) => (Page.isEnd(one) ? [] : one.records)).slice(nth * 4, nth * 4 + 4)
            return rows.length === 0
              ? Stream.sync(() => context.end({ because: "the rows are at their end", paging: "keyset" }))
              : Stream.concat(
                  Stream.succeed(Page.page(rows)),
                  Stream.suspend(() => step(nth + 1))
                )
          })
        )
      return step(0)
    }),
    check: "removed while a listing is read",
    says: /deleted because others were removed before request/
  },
  {
    name: "takes a clock that went back for the removal of all",
    connector: changed((context, cursor) =>
      Stream.unwrap(
        Effect.map(ask(context, {}), ({ asOf, people }) =>
          asOf >= Number(cursor)
            ? parts.changes.fetch(context, cursor)
            : Stream.make(
                Page.page([], { deleted: people.map((row) => (row as Row).id) }),
                context.end({ because: "all is over", paging: "whole", cursor })
              )
        )
      )
    ),
    check: "clock is set back",
    says: /went back by two hours: record\.deleted/
  }
]
