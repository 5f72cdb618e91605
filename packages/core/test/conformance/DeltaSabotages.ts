import { Page } from "@crochet/core"
import { Effect, Stream } from "effect"
import { ask, byHand, changed, listing, type Sabotage } from "./Sabotage.ts"
import { parts, type Row, tiny } from "./TinyConnector.ts"

/** Connectors that are wrong about deltas. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "reports a change as everybody's",
    connector: changed((context) => parts.changes.fetch(context, "60000")),
    check: "the cursor moves",
    says: /still read 11 of 11 records/
  },
  {
    name: "loses what changed at the moment of its cursor",
    connector: changed((context, cursor) => parts.changes.fetch(context, String(Number(cursor) + 60_001))),
    check: "a change that the app made while",
    says: /Deltas against a full listing.*differs at/
  },
  {
    name: "reads only the first page of changes",
    connector: changed((context, cursor) =>
      Stream.unwrap(
        Effect.map(ask(context, { changed_since: cursor }), ({ asOf, people, removed }) =>
          Stream.make(
            Page.page(people, { deleted: removed }),
            context.end({ because: "one page is enough", paging: "whole", cursor: String(asOf) })
          )
        )
      )
    ),
    check: "many changes at one moment",
    says: /Of 11 changes of one moment, those of 5, 6, 7, 8, 9 and 2 more were not found/
  },
  {
    name: "begins its deltas after the listing",
    connector: tiny({
      changes: {
        ...parts.changes,
        start: ({ client }) => Effect.map(client.providerTime, (now) => String(now + 86_400_000))
      }
    }),
    check: "a change that the app made while",
    says: /Deltas against a full listing: \d+ differs at/
  },
  {
    name: "deletes whom nobody removed",
    connector: changed((context, cursor) =>
      Stream.map(parts.changes.fetch(context, cursor), (next) =>
        Page.isEnd(next) ? next : { ...next, records: [], deleted: next.records.map((row) => (row as Row).id) }
      )
    ),
    check: "history 12",
    says: /deleted, and never gone/
  },
  {
    name: "gives two changes for one",
    connector: tiny({
      changes: {
        ...parts.changes,
        fetch: (context, cursor) =>
          Stream.map(parts.changes.fetch(context, cursor), (next) =>
            Page.isEnd(next)
              ? next
              : { ...next, records: next.records.map((row) => ({ ...(row as Row), given: `${(row as Row).given}*` })) }
          )
      }
    }),
    check: "one change is one record.modified",
    says: /gave \[/
  },
  {
    name: "goes on at the wrong page",
    connector: listing(byHand({ checkpoint: (next) => (next === null ? null : String(Number(next) + 4)) })),
    check: "stopped after any page",
    says: /Stopped in mode initial after page \d+: (missing|still)/
  },
  {
    name: "throws for a cursor that it does not know",
    connector: changed((context, cursor) =>
      /^\d+$/.test(cursor) ? parts.changes.fetch(context, cursor) : Stream.die(new Error("no cursor"))
    ),
    check: "no longer knows",
    says: /fetch throws for a checkpoint or cursor/
  },
  {
    name: "is silent for a cursor that it does not know",
    connector: changed((context, cursor) =>
      /^\d+$/.test(cursor)
        ? parts.changes.fetch(context, cursor)
        : Stream.sync(() => context.end({ because: "nothing is known", paging: "whole", cursor: "0" }))
    ),
    check: "no longer knows",
    says: /After a cursor of another version: .*differs at/
  }
]
