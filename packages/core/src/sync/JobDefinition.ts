import * as Effect from "effect/Effect"
import { defaultModels } from "../connector/Connector.ts"
import type { AnyResource } from "../connector/Resource.ts"
import * as JsonPath from "../filter/JsonPath.ts"
import * as VirtualFilter from "../filter/VirtualFilter.ts"
import { unprocessable, type Refusal } from "../service/Refusal.ts"
import type { UpdateRequest } from "../service/Syncs.ts"
import type { Job } from "./Job.ts"
import * as Timetable from "./Timetable.ts"

/** The part of a job that callers define. */
export type Definition = Partial<
  Pick<Job, "models" | "frequency" | "honorScheduler" | "startAt" | "includeInactive" | "filters">
>

/** Checks what a call says about a job and returns what it changes; refusals name the field and the remedy. */
export const changes = Effect.fnUntraced(function* (
  resource: AnyResource,
  request: UpdateRequest,
  known: Job | null
): Effect.fn.Return<Definition, Refusal> {
  const { dataType } = resource
  const all = Object.values(dataType.models).map(({ id }) => id)
  if (request.models !== undefined) {
    const at = request.models.findIndex((id) => !all.includes(id))
    if (at >= 0) {
      return yield* unprocessable(
        "sync.unknown_model",
        `models[${at}]`,
        `${dataType.id} has no model ${JSON.stringify(request.models[at])}.`,
        `Use some of ${all.join(", ")}.`
      )
    }
    if (request.models.length === 0) {
      return yield* unprocessable(
        "sync.no_models",
        "models",
        "A sync needs at least one model.",
        "Leave models out for all that the app supports."
      )
    }
  }
  const fault = request.frequency === undefined ? undefined : Timetable.fault(request.frequency)
  if (fault !== undefined)
    return yield* unprocessable(
      "sync.invalid_frequency",
      "frequency",
      fault,
      "Use standard, medium, high, {everySeconds} or {cron, timeZone}."
    )
  if (request.filters !== undefined) yield* checkFilters(resource, request.filters)
  const virtual = (request.filters ?? known?.filters)?.virtual
  if (virtual !== undefined)
    yield* checkKeys(resource, virtual, request.models ?? known?.models ?? defaultModels(resource))
  const startAt =
    request.startHour === undefined && request.startMinute === undefined
      ? undefined
      : {
          hour: request.startHour ?? known?.startAt?.hour ?? 0,
          minute: request.startMinute ?? known?.startAt?.minute ?? 0
        }
  return {
    ...(request.models === undefined ? {} : { models: all.filter((id) => request.models!.includes(id)) }),
    ...(request.frequency === undefined ? {} : { frequency: request.frequency }),
    ...(request.honorScheduler === undefined ? {} : { honorScheduler: request.honorScheduler }),
    ...(startAt === undefined ? {} : { startAt }),
    ...(request.includeInactiveRecords === undefined ? {} : { includeInactive: request.includeInactiveRecords }),
    ...(request.filters === undefined ? {} : { filters: request.filters })
  }
})

/** Whether the change needs an initial run: models, fields or filters, but not destination or timetable. */
export const needsInitial = (before: Job, after: Job): boolean =>
  JSON.stringify([before.models, before.filters, before.includeInactive]) !==
  JSON.stringify([after.models, after.filters, after.includeInactive])

/** Whether the change moves the timetable. */
export const needsTimetable = (before: Job, after: Job): boolean =>
  after.nextRunAt === null ||
  JSON.stringify([before.frequency, before.startAt]) !== JSON.stringify([after.frequency, after.startAt])

/** Refuses paths that do not begin with a model's key. */
export const checkPaths = Effect.fnUntraced(function* (
  { dataType }: AnyResource,
  paths: ReadonlyArray<string>,
  field: string
): Effect.fn.Return<void, Refusal> {
  const keys = Object.keys(dataType.models)
  const at = paths.findIndex((path) => !keys.includes(JsonPath.parse(path)?.[0] ?? ""))
  if (at < 0) return
  return yield* unprocessable(
    "sync.invalid_path",
    `${field}[${at}]`,
    `${JSON.stringify(paths[at])} is not a path into a record of ${dataType.id}.`,
    `A path begins with a model's key, e.g. $.${keys[0]}; keys are ${keys.join(", ")}.`
  )
})

/** Refuses an expression over models that the sync does not read: it would match nobody, and delete everybody. */
const checkKeys = Effect.fnUntraced(function* (
  { dataType }: AnyResource,
  expression: VirtualFilter.Expression,
  models: ReadonlyArray<string>
): Effect.fn.Return<void, Refusal> {
  const readable = Object.entries(dataType.models)
    .filter(([key, { id }]) => dataType.core.includes(key) || models.includes(id))
    .map(([key]) => key)
  for (const { key, path } of VirtualFilter.keys(expression)) {
    const model = JsonPath.parse(key)?.[0] ?? ""
    if (readable.includes(model)) continue
    const id = Object.hasOwn(dataType.models, model) ? dataType.models[model]!.id : null
    return yield* unprocessable(
      "sync.invalid_filter",
      path,
      id === null
        ? `${JSON.stringify(key)} is not a path into a record of ${dataType.id}.`
        : `The filter reads ${model}, which the sync does not.`,
      id === null
        ? `A key begins with a model's key; keys are ${readable.join(", ")}.`
        : `Add ${id} to models, or filter on ${readable.join(", ")}.`
    )
  }
})

const checkFilters = Effect.fnUntraced(function* (
  resource: AnyResource,
  filters: Job["filters"]
): Effect.fn.Return<void, Refusal> {
  for (const [id, value] of Object.entries(filters.native ?? {})) {
    const declared = resource.filters?.find((filter) => filter.id === id)
    if (declared === undefined) {
      const known = resource.filters?.map((filter) => filter.id).join(", ")
      return yield* unprocessable(
        "sync.unknown_filter",
        `filters.native.${id}`,
        "The app has no such filter.",
        known === undefined ? "Leave it out." : `Use some of ${known}.`
      )
    }
    if (declared.values !== undefined && !declared.values.includes(value)) {
      return yield* unprocessable(
        "sync.invalid_filter",
        `filters.native.${id}`,
        "The filter does not have this value.",
        `Use one of ${declared.values.join(", ")}.`
      )
    }
  }
  if (filters.passthrough !== undefined && resource.passthrough !== true) {
    return yield* unprocessable(
      "sync.no_passthrough",
      "filters.passthrough",
      "The connector does not take passthrough filters.",
      "Use native or virtual filters."
    )
  }
  if (filters.virtual !== undefined) {
    const compiled = VirtualFilter.compile(filters.virtual)
    if (typeof compiled !== "function") {
      return yield* unprocessable(
        "sync.invalid_filter",
        compiled.path,
        compiled.message,
        "See the documentation of virtual filters."
      )
    }
  }
  yield* checkPaths(resource, filters.fields?.exclude ?? [], "filters.fields.exclude")
})
