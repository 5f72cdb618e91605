import { Connector, ConnectorError, Paginator, type ProviderClient, Resource } from "@crochet/core"
import { Simulation } from "@crochet/core/testing"
import { Effect, Option, Schema, Stream } from "effect"

const { Staff } = Simulation

/** A row as the tiny app writes it. */
export interface Row {
  readonly id: string
  readonly given: string
  readonly mail: string
  readonly left: boolean
  readonly photo?: string
}

/** Rows stay unknown here, so that one bad row spoils one record and not the page. */
export const People = Schema.Struct({
  people: Schema.Array(Schema.Unknown),
  removed: Schema.Array(Schema.String),
  next: Schema.NullOr(Schema.String),
  total: Schema.Int,
  asOf: Schema.Finite
})

const Person = Schema.Struct({
  id: Schema.String,
  given: Schema.String,
  mail: Schema.String,
  left: Schema.Boolean,
  photo: Schema.String
})
const decodePerson = Schema.decodeUnknownSync(Person)

/** A cursor that only another version knew. */
export const expired = (client: ProviderClient.ProviderClient) =>
  client.fail("employee.list", new ConnectorError.CursorExpired({ message: "not a time" }))

/** What a test may replace. */
export interface Parts {
  readonly list: Resource.AnyResource["list"]
  readonly changes: NonNullable<Resource.AnyResource["changes"]>
  readonly get: NonNullable<Resource.AnyResource["get"]>
  readonly recordId: (row: Row) => string
  readonly toRecord: (row: Row) => Record<string, unknown>
  readonly volatile: Resource.AnyResource["volatile"]
  readonly support: Resource.AnyResource["support"]
}

const pager = Paginator.cursor({
  request: (_, since) => ({
    operation: "employee.list",
    path: "/v1/people",
    query: { changed_since: since === undefined ? undefined : Number(since) - 60_000 }
  }),
  answer: People,
  items: ({ people }) => people as ReadonlyArray<Row>,
  id: ({ id }) => id,
  deleted: ({ removed }) => removed,
  next: ({ next }) => next,
  total: ({ total }) => total,
  param: "cursor",
  cursor: ({ asOf }) => String(asOf)
})

/** The connector's parts, all as they should be. */
export const parts: Parts = {
  list: pager as Parts["list"],
  changes: {
    start: ({ client }) =>
      Effect.map(client.decode({ operation: "employee.list", path: "/v1/people" }, People), ({ asOf }) => String(asOf)),
    fetch: (context, cursor) =>
      /^\d+$/.test(cursor)
        ? (pager(context, cursor) as ReturnType<Parts["list"]>)
        : Stream.fail(expired(context.client))
  },
  get: ({ client }, id) =>
    Effect.flatMap(
      client.request({ operation: "employee.get", path: `/v1/people/${id}`, accept: [404], expect: "json" }),
      (response) => (response.status === 404 ? Effect.succeedNone : Effect.map(response.json, Option.some))
    ),
  recordId: ({ id }) => id,
  toRecord: (row) => {
    const { given, id, left, mail, photo } = decodePerson(row)
    return {
      profile: { id, name: given, workEmail: mail, photo, employmentStatus: left ? "INACTIVE" : "ACTIVE" }
    }
  },
  volatile: { raw: ["photo"], record: ["profile.photo"] },
  support: { profile: { support: "SUPPORTED" } }
}

/** Asks who the credentials belong to. */
export const validate = (client: ProviderClient.ProviderClient) =>
  Effect.map(
    client.decode(
      { operation: "validate", path: "/v1/me" },
      Schema.Struct({ id: Schema.String, company: Schema.String })
    ),
    ({ company, id }) => ({ name: company, subject: id })
  )

/** The tiny app's connector: good, but for what is replaced. */
export const tiny = (changed: Partial<Parts> = {}, whole: Partial<Connector.Connector> = {}): Connector.Connector =>
  Connector.make({
    app: {
      id: "tiny",
      name: "Tiny",
      categories: ["HRIS"],
      website: "https://tiny.example",
      docs: "https://tiny.example/api"
    },
    auth: [
      {
        kind: "key",
        id: "key",
        title: "API key",
        fields: [{ key: "apiKey", label: "API key", help: "From the settings.", secret: true }],
        headers: ({ apiKey }) => ({ authorization: `Bearer ${apiKey}` })
      },
      {
        kind: "oauth2",
        id: "oauth2",
        title: "Sign in",
        grant: "authorization_code",
        authorizeUrl: ({ tenant }) => `https://${tenant}.tiny.example/authorize`,
        tokenUrl: ({ tenant }) => `https://${tenant}.tiny.example/token`,
        clientAuthentication: "body",
        pkce: true,
        scopes: ["people:read"],
        revocation: { url: ({ tenant }) => `https://${tenant}.tiny.example/revoke`, ends: "grant" }
      }
    ],
    settings: [{ key: "tenant", label: "Tenant", help: "The first part of your address." }],
    http: { baseUrl: ({ tenant }) => `https://${tenant}.tiny.example` },
    validate,
    resources: [Resource.make({ dataType: Staff, mapperVersion: 1, ...parts, ...changed } as never)],
    ...whole
  })
