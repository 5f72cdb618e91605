import type { ConnectorError, ProviderClient, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import { isCustom, type Kind, kindOf, type Row, type Value, valueOf } from "./SalesforceRow.ts"
import { Describe, path } from "./SalesforceWire.ts"

type Context = Resource.ResourceContext

/** What is asked of an object. */
export interface Wanted {
  readonly object: string
  /** Fields by the id of the model that needs them; `Owner.Name` follows a relationship. */
  readonly fields: { readonly [modelId: string]: ReadonlyArray<string> }
  /** Fields that many orgs do not have, so that their absence says nothing. */
  readonly optional?: ReadonlyArray<string>
  /** The model that carries all custom fields. */
  readonly custom?: string
  /** Read every field, for objects that only the account knows. */
  readonly everything?: boolean
  /** Native filters: id → field. */
  readonly filters?: { readonly [id: string]: string }
  readonly memory: Memory
}

/** Plans by client, which reads one run of one account: descriptions are asked for once, and forgotten with it. */
export type Memory = WeakMap<ProviderClient.ProviderClient, Map<string, Plan>>

/** A memory for the plans of one resource. */
export const memory = (): Memory => new WeakMap()

/** How an object is read for this user: only what they may see. */
export interface Plan {
  readonly object: string
  /** What is selected, in this order, and how each is read. */
  readonly kinds: ReadonlyMap<string, Kind>
  readonly keyPrefix: string | null
  readonly label: string | null
  readonly replicateable: boolean
  readonly hasIsDeleted: boolean
  readonly filters: { readonly [field: string]: string }
}

/** A URL of 16 KB is refused, and a query is a part of one (https://developer.salesforce.com, "API limits", 2026-11). */
const longestSelect = 12_000

const keyOf = (context: Context, wanted: Wanted) => `${wanted.object}|${[...context.models].sort().join()}`

/** Remembers that less can be read than the description says. */
export const remember = (context: Context, wanted: Wanted, plan: Plan): void => {
  const known = wanted.memory.get(context.client) ?? new Map<string, Plan>()
  wanted.memory.set(context.client, known.set(keyOf(context, wanted), plan))
}

/** Describes the object and decides what is read of it. Fields that the user may not see are left out and reported. */
export const make = Effect.fn("Salesforce.plan")(function* (
  context: Context,
  wanted: Wanted
): Effect.fn.Return<Plan, ConnectorError.ConnectorError> {
  const known = wanted.memory.get(context.client)?.get(keyOf(context, wanted))
  if (known !== undefined) return known
  const described = yield* context.client.decode(
    { operation: `${wanted.object}.describe`, path: path(`/sobjects/${encodeURIComponent(wanted.object)}/describe`) },
    Describe
  )
  const readable = new Map(described.fields.map(({ name, type }) => [name, kindOf(type)]))
  const relationships = new Set(described.fields.map(({ relationshipName }) => relationshipName))
  const kindOfPath = (name: string): Kind | undefined => {
    const dot = name.indexOf(".")
    return dot < 0 ? readable.get(name) : relationships.has(name.slice(0, dot)) ? "text" : undefined
  }
  const filters = Object.entries(context.filters).flatMap(([id, value]) => {
    const field = wanted.filters?.[id]
    return field === undefined ? [] : [[field, value] as const]
  })
  const kinds = new Map<string, Kind>()
  const missing: Array<string> = []
  const asked = [
    "Id",
    "SystemModstamp",
    ...Object.entries(wanted.fields).flatMap(([model, fields]) => (context.models.has(model) ? fields : [])),
    ...filters.map(([field]) => field)
  ]
  for (const name of asked) {
    const kind = kindOfPath(name)
    if (kind !== undefined) kinds.set(name, kind)
    else if (!wanted.optional?.includes(name) && !name.includes(".")) missing.push(name)
  }
  let length = [...kinds.keys()].join().length
  let dropped = 0
  for (const { name } of described.fields) {
    const kind = readable.get(name)
    const own =
      wanted.everything === true || (isCustom(name) && wanted.custom !== undefined && context.models.has(wanted.custom))
    if (!own || kind === undefined || kinds.has(name)) continue
    if ((length += name.length + 3) > longestSelect) dropped++
    else kinds.set(name, kind)
  }
  if (missing.length > 0) {
    yield* context.issue({
      code: "salesforce.fields_hidden",
      message: `The connected user may not see ${missing.join(", ")} of ${wanted.object}; they are left out.`
    })
  }
  if (dropped > 0) {
    yield* context.issue({
      code: "salesforce.too_many_fields",
      message: `${wanted.object} has more fields than fit into a query; ${dropped} custom fields are left out.`
    })
  }
  const plan: Plan = {
    object: wanted.object,
    kinds,
    keyPrefix: described.keyPrefix ?? null,
    label: described.label ?? null,
    replicateable: described.replicateable === true,
    hasIsDeleted: readable.has("IsDeleted"),
    filters: Object.fromEntries(filters)
  }
  remember(context, wanted, plan)
  return plan
})

/**
 * The plan without the column that a query was refused for; undefined when the refusal was for something else. What a
 * description shows can still be unreadable, e.g. the name of an owner when users are hidden from each other.
 */
export const without = (plan: Plan, { reason }: ConnectorError.ConnectorError): Plan | undefined => {
  if (reason._tag !== "InvalidRequest") return undefined
  const message = reason.message ?? ""
  const column = /No such column '([^']+)' on (?:entity|sobject of type) '?([A-Za-z0-9_]+)/.exec(message)
  const relationship = /Didn't understand relationship '([^']+)'/.exec(message)?.[1]
  const refused = [...plan.kinds.keys()].filter((name) => {
    const dot = name.indexOf(".")
    if (relationship !== undefined) return name.startsWith(`${relationship}.`)
    if (column === null) return false
    return dot < 0
      ? column[2] === plan.object && name === column[1]
      : column[2] !== plan.object && name.slice(dot + 1) === column[1]
  })
  if (refused.length === 0 || refused.includes("Id")) return undefined
  return { ...plan, kinds: new Map([...plan.kinds].filter(([name]) => !refused.includes(name))) }
}

/** A record of a query's JSON as a row. */
export const rowOf = (plan: Plan, record: { readonly [field: string]: unknown }): Row => {
  const row: { type: string; [field: string]: Value | undefined } = { type: plan.object }
  for (const [name, kind] of plan.kinds) {
    const dot = name.indexOf(".")
    if (dot < 0) row[name] = valueOf(kind, record[name])
    else {
      const related = record[name.slice(0, dot)]
      const value =
        typeof related === "object" && related !== null
          ? (related as { readonly [field: string]: unknown })[name.slice(dot + 1)]
          : null
      row[name] = valueOf(kind, value)
    }
  }
  return row
}
