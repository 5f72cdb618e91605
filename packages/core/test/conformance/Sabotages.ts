import { type AuthScheme, type Connector, ConnectorError, Page, Paginator, type Resource } from "@crochet/core"
import { Effect, Schema, Stream } from "effect"
import { parts, People, type Parts, type Row, tiny, validate } from "./TinyConnector.ts"

/** A connector that is broken in one way, the check that must see it, and what its message must name. */
export interface Sabotage {
  readonly name: string
  readonly connector: Connector.Connector
  readonly check: string
  readonly says: RegExp
}

type Context = Resource.ResourceContext
type Pages = ReturnType<Parts["list"]>

const ask = ({ client }: Context, query: { readonly [name: string]: string | undefined }) =>
  client.decode({ operation: "employee.list", path: "/v1/people", query }, People)

/** Pages by hand, as an author writes them who does not use a paginator. */
const byHand =
  (options: {
    readonly next?: (next: string | null, rows: ReadonlyArray<Row>) => string | null
    readonly rows?: (rows: ReadonlyArray<Row>) => ReadonlyArray<Row>
    readonly checkpoint?: (next: string | null) => unknown
  }) =>
  (context: Context): Pages => {
    const step = (cursor: string | undefined): Pages =>
      Stream.unwrap(
        Effect.map(ask(context, { cursor }), (answer): Pages => {
          const rows = answer.people as ReadonlyArray<Row>
          const next = options.next === undefined ? answer.next : options.next(answer.next, rows)
          const page = Page.page(options.rows?.(rows) ?? rows, { checkpoint: options.checkpoint?.(next) ?? next })
          const rest =
            next === null
              ? Stream.sync(() => context.end({ because: "there is no next page", paging: "keyset" }))
              : Stream.suspend(() => step(next))
          return Stream.concat(Stream.succeed(page), rest)
        })
      )
    return step(typeof context.checkpoint === "string" ? context.checkpoint : undefined)
  }

/** The good listing, in which what goes wrong is taken for the end. */
const forgiving = (tags: ReadonlyArray<string>) => (context: Context) =>
  Stream.catchIf(
    parts.list(context),
    (error) => tags.includes(error.reason._tag),
    () => Stream.sync(() => context.end({ because: "nothing came any more", paging: "keyset" }))
  )

const changed = (fetch: Parts["changes"]["fetch"]) => tiny({ changes: { ...parts.changes, fetch } })
const mapped = (change: (row: Row) => object) =>
  tiny({
    toRecord: (row) => {
      const { profile } = parts.toRecord(row) as { readonly profile: object }
      return { profile: { ...profile, ...change(row) } }
    }
  })
const http = (profile: Partial<Connector.HttpProfile>) => {
  const good = tiny()
  return tiny({}, { http: { ...good.http, ...profile } })
}
const listing = (list: (context: Context) => Pages) => tiny({ list })
const known = new Map<string, Row>()
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
let turn = 0
let lastKey = ""

export const sabotages: ReadonlyArray<Sabotage> = [
  // The declaration.
  {
    name: "names no documentation",
    connector: tiny({}, { app: { ...tiny().app, docs: "see the wiki" } }),
    check: "the declaration says who",
    says: /app\.docs must be an https URL/
  },
  {
    name: "speaks http",
    connector: http({ baseUrl: () => "http://tiny.example" }),
    check: "the declaration says who",
    says: /http\.baseUrl must give an https URL/
  },
  {
    name: "has two settings of one name",
    connector: tiny({}, { settings: [...tiny().settings, ...tiny().settings] }),
    check: "ids of schemes",
    says: /settings have the id tenant/
  },
  {
    name: "supports a field that there is not",
    connector: tiny({ support: { profile: { support: "SUPPORTED", fields: { shoeSize: "SUPPORTED" } } } }),
    check: "support and volatile name",
    says: /profile\.shoeSize/
  },
  {
    name: "keeps a secret among its settings",
    connector: tiny(
      {},
      {
        settings: [
          ...tiny().settings,
          { key: "apiSecret", label: "Secret", help: "From the settings.", required: false }
        ]
      }
    ),
    check: "secrets are declared",
    says: /settings\.apiSecret is a secret/
  },
  {
    name: "does not say that its key is secret",
    connector: tiny(
      {},
      {
        auth: tiny().auth.map((scheme) =>
          scheme.kind === "key"
            ? { ...scheme, fields: scheme.fields.map((field) => ({ ...field, secret: false })) }
            : scheme
        )
      }
    ),
    check: "secrets are declared",
    says: /No field of the scheme key is secret/
  },
  {
    name: "lists no scopes",
    connector: tiny(
      {},
      { auth: tiny().auth.map((scheme) => (scheme.kind === "oauth2" ? { ...scheme, scopes: [] } : scheme)) }
    ),
    check: "OAuth schemes list the scopes",
    says: /lists no scopes/
  },
  {
    name: "asks for everything at once",
    connector: http({ concurrency: 1000 }),
    check: "limits are numbers",
    says: /http\.concurrency/
  },
  {
    name: "says SUPPORTED of what it never fills",
    connector: tiny({ support: { ...parts.support, extra: { support: "SUPPORTED" } } }),
    check: "every model that is SUPPORTED",
    says: /extra of employee never has a value/
  },
  {
    name: "maps a field that the model does not have",
    connector: mapped(() => ({ shoeSize: 43 })),
    check: "the mapper writes only",
    says: /profile\.shoeSize/
  },

  // Credentials.
  {
    name: "accepts every key",
    connector: tiny({}, { validate: () => Effect.succeed({ name: "Tiny", subject: "me" }) }),
    check: "the app does not know are refused",
    says: /Wrong credentials were accepted/
  },
  {
    name: "takes missing permission for a wrong key",
    connector: http({
      classify: ({ status }) => (status === 403 ? new ConnectorError.Unauthorized({ status }) : undefined)
    }),
    check: "credentials without permission are told",
    says: /taken for auth\.invalid_credentials/
  },
  {
    name: "does not say whose credentials they are",
    connector: tiny(
      {},
      { validate: (client) => Effect.map(validate(client), ({ name }) => ({ name, subject: null })) }
    ),
    check: "good credentials connect",
    says: /validate gives no subject/
  },
  {
    name: "takes 401 for an outage",
    connector: http({
      classify: ({ status }) => (status === 401 ? new ConnectorError.Unavailable({ status }) : undefined)
    }),
    check: "a connection that was revoked",
    says: /must fail with auth\.invalid_credentials/
  },
  {
    name: "takes an expired token for a missing permission",
    connector: http({
      classify: ({ status }) => (status === 401 ? new ConnectorError.Forbidden({ status }) : undefined)
    }),
    check: "a token that expires during a run",
    says: /The token expired before request/
  },
  {
    name: "asks for a token by itself with every request",
    connector: tiny(
      {},
      {
        validate: (client) =>
          Effect.andThen(
            client.request({
              operation: "token",
              path: "/token",
              method: "POST",
              form: { grant_type: "refresh_token", refresh_token: "x" },
              accept: [400]
            }),
            validate(client)
          )
      }
    ),
    check: "share one refresh",
    says: /requests at once made \d+ token requests/
  },

  {
    name: "asks a dozen times to validate",
    connector: tiny(
      {},
      { validate: (client) => Effect.andThen(Effect.replicateEffect(validate(client), 11), validate(client)) }
    ),
    check: "validate makes few requests",
    says: /validate made 12 requests/
  },
  {
    name: "takes a key that stopped working for an outage",
    connector: http({
      classify: ({ status }) => (status === 401 ? new ConnectorError.Unavailable({ status }) : undefined)
    }),
    check: "credentials that stop working",
    says: /must fail with auth\.invalid_credentials/
  },

  // Reading.
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
  },

  // Deltas.
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
  },

  // Deletions.
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
  },

  // Faults.
  {
    name: "says of a write that it may be sent twice",
    connector: listing((context) =>
      Stream.unwrap(
        Effect.as(
          context.client.request({
            operation: "employee.export",
            method: "PUT",
            path: "/v1/export",
            idempotent: true,
            accept: [405]
          }),
          parts.list(context)
        )
      )
    ),
    check: "may write is not sent twice",
    says: /PUT \/v1\/export was sent again/
  },
  {
    name: "takes 5xx for a wrong request",
    connector: http({
      classify: ({ status }) => (status >= 500 ? new ConnectorError.InvalidRequest({ status }) : undefined)
    }),
    check: "5xx, time-outs",
    says: /500, once, for GET \/v1\/people: the run is failed/
  },
  {
    name: "takes 429 for a wrong request",
    connector: http({
      classify: ({ status }) => (status === 429 ? new ConnectorError.InvalidRequest({ status }) : undefined)
    }),
    check: "429 is obeyed",
    says: /429 with Retry-After 37 for \/v1\/people: the run is failed/
  },
  {
    name: "takes 429 for an outage without a time",
    connector: http({
      classify: ({ status }) =>
        status === 429 ? new ConnectorError.Unavailable({ status, retryAfterMillis: 0 }) : undefined
    }),
    check: "429 is obeyed",
    says: /the next request came [\d.]+ s later|too early/
  },
  {
    name: "tries again and again by itself",
    connector: listing((context) =>
      Stream.unwrap(Effect.map(Effect.retry(ask(context, {}), { times: 40 }), () => parts.list(context)))
    ),
    check: "meets no storm",
    says: /requests in one run to an app that does not answer/
  },

  // Privacy.
  {
    name: "puts its key into the URL",
    connector: tiny(
      {},
      {
        auth: [
          {
            ...(tiny().auth[0] as AuthScheme.KeyScheme),
            headers: ({ apiKey }: AuthScheme.Values) => ({ authorization: `Bearer ${(lastKey = apiKey ?? "")}` })
          }
        ],
        validate: (client) =>
          Effect.tap(validate(client), () =>
            client.request({ operation: "validate", path: "/v1/me", query: { key: lastKey } })
          )
      }
    ),
    check: "no secret stands in a URL",
    says: /A secret stands in: .*key=⟨here⟩/
  },
  {
    name: "logs what it reads",
    connector: tiny({
      list: (context) =>
        Stream.tap(parts.list(context), (next) =>
          Page.isEnd(next) ? Effect.void : Effect.logInfo("read", next.records)
        )
    }),
    check: "no secret and no value",
    says: /A value of a record stands in/
  },
  {
    name: "writes values into its issues",
    connector: tiny({
      list: (context) =>
        Stream.tap(parts.list(context), (next) =>
          Page.isEnd(next)
            ? Effect.void
            : context.issue({ code: "tiny.read", message: `read ${(next.records[0] as Row).mail}` })
        )
    }),
    check: "no secret and no value",
    says: /A value of a record stands in: .*tiny\.read/
  }
]
