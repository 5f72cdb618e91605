import type { Resource } from "@crochet/core"
import { ConnectorError } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { locate, type Source } from "./QuickBooksEntities.ts"
import { pathOf } from "./QuickBooksSettings.ts"
import { isObject, type Row, text } from "./QuickBooksWire.ts"

const Answer = Schema.Record(Schema.String, Schema.Unknown)

/** One record; `None` when the app says `610 Object Not Found`, which comes with HTTP 400, or that it is deleted. */
export const get = Effect.fn("QuickBooks.get")(function* (
  source: Source,
  operation: string,
  { client }: Resource.ResourceContext,
  recordId: string
) {
  const found = locate(source, recordId)
  if (found === undefined) return Option.none<Row>()
  const { entity, id } = found
  const answer = yield* client
    .decode(
      {
        operation,
        path: pathOf(client.settings, `/${entity.name.toLowerCase()}/${encodeURIComponent(id)}`),
        query: { minorversion: client.settings.minorVersion ?? "75" }
      },
      Answer
    )
    .pipe(
      Effect.map(Option.some),
      Effect.catchIf(
        (error) => error.reason._tag === "NotFound",
        () => Effect.succeed(Option.none())
      )
    )
  if (Option.isNone(answer)) return Option.none<Row>()
  const wire = answer.value[entity.name]
  if (!isObject(wire)) {
    return yield* client.fail(
      operation,
      new ConnectorError.BadPayload({ message: `the answer holds no ${entity.name}` })
    )
  }
  if (text(wire.status)?.toLowerCase() === "deleted") return Option.none<Row>()
  return Option.filter(Option.some<Row>({ entity: entity.name, wire }), source.keeps ?? (() => true))
})
