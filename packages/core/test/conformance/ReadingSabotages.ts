import { Page } from "@crochet/core"
import { Effect, Stream } from "effect"
import { byHand, listing, mapped, type Sabotage } from "./Sabotage.ts"
import { parts, type Row, tiny } from "./TinyConnector.ts"

const known = new Map<string, Row>()
let turn = 0

/** Connectors that are wrong about reading. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "stops before the last page",
    connector: listing(byHand({ next: (next, rows) => (Number(rows.at(-1)?.id ?? 0) >= 8 ? null : next) })),
    check: "gives every record of the app exactly once",
    says: /The listing lacks 9, 10, 11/
  },
  {
    name: "gives the last row of each page again",
    connector: listing(byHand({ next: (next) => (next === null ? null : String(Number(next) - 1)) })),
    check: "gives every record of the app exactly once",
    says: /4, 7, 10 more than once/
  },
  {
    name: "gives ids that are numbers",
    connector: tiny({ recordId: ({ id }) => Number(id) as never }),
    check: "gives every record of the app exactly once",
    says: /recordId must give a non-empty text/
  },
  {
    name: "gives another id each time",
    connector: tiny({ recordId: ({ id }) => `${id}-${turn++}` }),
    check: "gives every record of the app exactly once",
    says: /another id when it is asked again/
  },
  {
    name: "writes a date as the app writes it",
    connector: mapped(() => ({ employmentStatus: "here" })),
    check: "every record fits its model",
    says: /does not fit its model/
  },
  {
    name: "maps something else each time",
    connector: mapped(() => ({ name: `Name ${turn++}` })),
    check: "reading twice gives the same",
    says: /differs at \$\.profile\.name/
  },
  {
    name: "puts the order of the app's keys into a field",
    connector: mapped((row) => ({ name: Object.keys(row).join() })),
    check: "key order, white space",
    says: /Keys in another order: \d+ change\(s\)/
  },
  {
    name: "does not say what is volatile",
    connector: tiny({ volatile: undefined }),
    check: "what changes by itself",
    says: /Ten minutes later: \d+ change\(s\)/
  },
  {
    name: "fetches everything before it gives the first page",
    connector: listing((context) =>
      Stream.unwrap(Effect.map(Stream.runCollect(parts.list(context)), (all) => Stream.fromIterable([...all])))
    ),
    check: "a slow receiver stops the reading",
    says: /All \d requests of the listing were sent/
  },
  {
    name: "goes on after it was cancelled",
    connector: listing((context) =>
      Stream.unwrap(
        Effect.as(Effect.forkDetach(Effect.ignore(Stream.runDrain(parts.list(context)))), parts.list(context))
      )
    ),
    check: "cancellation closes everything",
    says: /stayed open after the run was cancelled/
  },
  {
    name: "keeps the first account's rows for all accounts",
    connector: listing((context) =>
      Stream.map(parts.list(context), (next) =>
        Page.isEnd(next)
          ? next
          : {
              ...next,
              records: next.records.map((row) => {
                const { id } = row as Row
                if (!known.has(id)) known.set(id, row as Row)
                return known.get(id)
              })
            }
      )
    ),
    check: "two accounts",
    says: /was changed in the second account, and a listing of it gave \[\]/
  }
]
