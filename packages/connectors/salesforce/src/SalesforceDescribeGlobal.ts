import { ConnectorError } from "@crochet/core"
import type { ProviderClient, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { DescribeGlobal, ListedObject, path } from "./SalesforceWire.ts"

type Context = Resource.ResourceContext

/** Every object that the user may see, by name; undefined for one whose entry cannot be read. */
export type Objects = ReadonlyMap<string, typeof ListedObject.Type | undefined>

const Named = Schema.Struct({ name: Schema.NonEmptyString })
const named = Schema.decodeUnknownOption(Named)
const listed = Schema.decodeUnknownOption(ListedObject)

/** The last answer by client, which reads one run of one account. */
const memory = new WeakMap<ProviderClient.ProviderClient, Objects>()

/** Asks for the org's objects: one request. */
export const ask = Effect.fn("Salesforce.describeGlobal")(function* (context: Context) {
  const { client } = context
  const operation = "objects.list"
  const { sobjects } = yield* client.decode({ operation, path: path("/sobjects") }, DescribeGlobal)
  const bad = (message: string) => client.fail(operation, new ConnectorError.BadPayload({ message }))
  // Every org has users and accounts.
  if (sobjects.length === 0) return yield* bad("The org lists no objects at all.")
  const objects = new Map<string, typeof ListedObject.Type | undefined>()
  for (const one of sobjects) {
    const name = Option.getOrUndefined(named(one))?.name
    if (name === undefined) return yield* bad("The org lists an object without a name.")
    objects.set(name, Option.getOrUndefined(listed(one)))
  }
  memory.set(client, objects)
  return objects as Objects
})

/** The org's objects as they were last told to this run. */
export const known = (context: Context): Effect.Effect<Objects, ConnectorError.ConnectorError> => {
  const objects = memory.get(context.client)
  return objects === undefined ? ask(context) : Effect.succeed(objects)
}

/** Whether an object could not be described because there is none: what is refused but listed is a fault of the app. */
export const lacks = (
  context: Context,
  object: string,
  { reason }: ConnectorError.ConnectorError
): Effect.Effect<boolean, ConnectorError.ConnectorError> =>
  reason._tag === "NotFound" || reason._tag === "Unsupported"
    ? Effect.map(ask(context), (objects) => !objects.has(object))
    : Effect.succeed(false)
