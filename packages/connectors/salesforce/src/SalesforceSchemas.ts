import { ConnectorError, Page, Resource } from "@crochet/core"
import { CrmSchema } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Changes from "./SalesforceChanges.ts"
import * as DescribeGlobal from "./SalesforceDescribeGlobal.ts"
import { dataTypeOf, recordOf, type SchemaRow } from "./SalesforceSchemaMapping.ts"
import { objectsOf } from "./SalesforceSettings.ts"
import { ObjectDescription, path } from "./SalesforceWire.ts"

type Context = Resource.ResourceContext

/** So many descriptions are a page; each is a request. */
const pageSize = 10

/** Objects with records that a connector could read: those that it does, the account's own, and those that it names. */
const wantedOf = (context: Context, objects: DescribeGlobal.Objects): ReadonlyArray<string> => {
  const own = objectsOf(context.client.settings)
  const wanted = [...objects].flatMap(([name, object]) => {
    if (own.includes(name) || dataTypeOf(name, own) !== null) return [name]
    const isOff = object?.deprecatedAndHidden === true || object?.customSetting === true || object?.queryable === false
    return name.endsWith("__c") && !isOff ? [name] : []
  })
  return wanted.sort()
}

const decode = Schema.decodeUnknownOption(ObjectDescription)

/** The description of an object; none when it has gone meanwhile. */
const describe = Effect.fnUntraced(function* (
  context: Context,
  name: string,
  wanted: ReadonlyArray<string>
): Effect.fn.Return<Option.Option<SchemaRow>, ConnectorError.ConnectorError> {
  const request = { operation: "schemas.list", path: path(`/sobjects/${encodeURIComponent(name)}/describe`) }
  const described = yield* Effect.asSome(context.client.json(request)).pipe(
    Effect.catch((error) =>
      Effect.flatMap(DescribeGlobal.lacks(context, name, error), (lacks) =>
        lacks ? Effect.succeed(Option.none()) : Effect.fail(error)
      )
    )
  )
  return Option.map(described, (json): SchemaRow => {
    const description = Option.getOrNull(decode(json))
    // Only what leads to another schema is an association, and only the fields that are used are compared.
    const children = description?.childRelationships?.filter(({ childSObject }) => wanted.includes(childSObject)) ?? []
    const fields = description?.fields.map((field) => ({
      ...field,
      referenceTo: field.referenceTo?.filter((object) => wanted.includes(object)) ?? []
    }))
    return {
      name,
      dataType: dataTypeOf(name, objectsOf(context.client.settings)),
      description: description === null ? null : { ...description, fields: fields!, childRelationships: children }
    }
  })
})

const Checkpoint = Schema.Struct({ after: Schema.String })

const list = (context: Context) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const wanted = wantedOf(context, yield* DescribeGlobal.ask(context))
      const after = Option.getOrUndefined(Schema.decodeUnknownOption(Checkpoint)(context.checkpoint))?.after
      const left = wanted.filter((name) => after === undefined || name > after)
      const pages = Array.from({ length: Math.ceil(left.length / pageSize) }, (_, at) =>
        left.slice(at * pageSize, (at + 1) * pageSize)
      )
      return Stream.fromIterable(pages).pipe(
        Stream.mapEffect((names) =>
          Effect.map(
            Effect.forEach(names, (name) => describe(context, name, wanted), { concurrency: 4 }),
            (rows): Page.Pages<SchemaRow> =>
              Page.page(rows.flatMap(Option.toArray), { checkpoint: { after: names.at(-1) } })
          )
        ),
        Stream.concat(
          Stream.sync((): Page.Pages<SchemaRow> =>
            context.end({ because: "every object of the org's own list was described", paging: "whole" })
          )
        )
      )
    })
  )

/**
 * One request tells whether anything changed: objects, fields, labels, permissions
 * (https://developer.salesforce.com, resources-describeglobal, 2026-11). Which object, and what is gone, only a listing
 * tells.
 */
const fetch = Effect.fnUntraced(function* (context: Context, cursor: string) {
  const { client } = context
  const operation = "schemas.changes"
  const since = Date.parse(cursor) - Changes.overlapMillis
  if (Number.isNaN(since)) {
    return yield* client.fail(operation, new ConnectorError.CursorExpired({ message: "The cursor is not a time." }))
  }
  const headers = { "if-modified-since": new Date(since).toUTCString() }
  const { status } = yield* client.request({ operation, path: path("/sobjects"), headers, accept: [304] })
  if (status !== 304) {
    const message = "The org's metadata changed, so its objects are described again."
    return yield* client.fail(operation, new ConnectorError.CursorExpired({ message }))
  }
  const now = yield* client.providerTime
  return context.end({
    because: "the app says that no description changed",
    paging: "whole",
    cursor: new Date(Math.max(now, Date.parse(cursor))).toISOString()
  })
})

/** The org's objects with their fields and relationships: what `schemaId` of other data types means. */
export const schemas = Resource.make<typeof CrmSchema, SchemaRow>({
  dataType: CrmSchema,
  mapperVersion: 1,
  list,
  changes: {
    start: Changes.start,
    fetch: (context, cursor) =>
      Stream.fromEffect(Effect.map(fetch(context, cursor), (end): Page.Pages<SchemaRow> => end))
  },
  get: Effect.fnUntraced(function* (context, id) {
    const wanted = wantedOf(context, yield* DescribeGlobal.known(context))
    return wanted.includes(id) ? yield* describe(context, id, wanted) : Option.none<SchemaRow>()
  }),
  recordId: ({ name }) => name,
  toRecord: recordOf,
  support: {
    info: { support: "SUPPORTED" },
    fields: { support: "SUPPORTED" },
    associations: { support: "SUPPORTED" }
  }
})
