import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { AnyResource } from "../connector/Resource.ts"
import * as JsonPath from "../filter/JsonPath.ts"
import type { Predicate } from "../filter/VirtualFilter.ts"
import * as Canonical from "../model/Canonical.ts"
import * as DataType from "../model/DataType.ts"
import type { DeletionReason } from "../store/SyncStore.ts"
import type { Fingerprinter } from "../vault/Crypto.ts"

/** Length of one fingerprint. */
export const fingerprintLength = 22

/** A raw row of which only the identity is known yet. */
export interface Incoming {
  readonly recordId: string
  /** Keyed fingerprint of the record's id. */
  readonly key: string
  /** Fingerprint of the raw row without what is volatile. */
  readonly raw: string
  readonly row: unknown
  readonly updatedAt: number | undefined
}

/** A record in canonical form. */
export interface Normalised {
  /** The `eventData` as JSON text: the subscribed models in the data type's order. */
  readonly text: string
  /** One fingerprint per subscribed model, joined. */
  readonly models: string
  readonly identifiers: { readonly [key: string]: string | null }
  /** Why the receiver must not have it; null for a record that belongs to the sync. */
  readonly unwanted: DeletionReason | null
}

/** Turns an app's raw rows into canonical records and fingerprints; pure, for one run. */
export interface Normaliser {
  /** Keys of the subscribed models, in the order of `Normalised.models`. */
  readonly modelKeys: ReadonlyArray<string>
  /** What verdicts on rows depend on beside the row: the mapper's version, and which part of a record is asked for. */
  readonly mapper: number
  /** False when the same row may belong to the sync today and not tomorrow. */
  readonly stable: boolean
  readonly key: (recordId: string) => string
  /** Fails with a sentence when the row has no usable id. */
  readonly identify: (row: unknown) => Result.Result<Incoming, string>
  /** Fails with a sentence that names the model and path, never a value. */
  readonly normalise: (incoming: Incoming, now: number) => Result.Result<Normalised, string>
}

/** A normaliser for a job's models, filters and watched fields. */
export const make = (options: {
  readonly resource: AnyResource
  readonly models: ReadonlyArray<string>
  readonly exclude: ReadonlyArray<string>
  readonly watchFields: ReadonlyArray<string>
  readonly includeInactive: boolean
  readonly filter: Predicate | null
  /** What `filter` was made from: a new filter makes old verdicts void. */
  readonly filterText: string
  readonly fingerprint: Fingerprinter
}): Normaliser => {
  const { filter, fingerprint, resource } = options
  const { dataType } = resource
  const excluded = pathsByModel(options.exclude)
  const volatile = pathsByModel(resource.volatile?.record ?? [])
  const watched = pathsByModel(options.watchFields)
  const watching = watched.size > 0

  const selected = DataType.select(dataType, options.models).filter(
    ([key]) => !excluded.get(key)?.some((path) => path.length === 0)
  )
  const decoders = new Map(
    Object.entries(dataType.models).map(([key, model]) => [key, Canonical.decoder(model.schema)])
  )
  const modelKeys = selected.map(([key]) => key)
  const labels = modelKeys.map((key, index) => `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`)
  const internal = dataType.core.filter((key) => !modelKeys.includes(key))
  const nothing = fingerprint("null")

  const rawText = rawSerialiser(resource.volatile?.raw ?? [])
  const shape = small(fingerprint(JSON.stringify([options.models, options.exclude])))
  const verdict = small(fingerprint(JSON.stringify([options.watchFields, options.includeInactive, options.filterText])))
  const mapper = (resource.mapperVersion * 1024 + verdict) * 1024 + shape

  const fingerprintOf = (key: string, value: unknown, text: string): string => {
    if (watching) {
      const paths = watched.get(key)
      return paths === undefined
        ? nothing
        : fingerprint(JSON.stringify(paths.map((path) => JsonPath.pick(value, path) ?? null)))
    }
    if (text === "null") return nothing
    const paths = volatile.get(key)
    return fingerprint(paths === undefined ? text : JSON.stringify(paths.reduce(JsonPath.omit, value)))
  }

  const decode = (key: string, input: unknown): Result.Result<unknown, string> => {
    if (input === null || input === undefined) return Result.succeed(null)
    const decoded = attempt(() => decoders.get(key)!(input))
    return Result.isSuccess(decoded)
      ? Result.succeed(decoded.success)
      : Result.fail(`${key} does not fit its model (${issuePath(decoded.failure)})`)
  }
  const scoped = (key: string, value: unknown): unknown => {
    const paths = excluded.get(key)
    // A model that is excluded as a whole is absent, for identifiers too.
    return paths === undefined ? value : (paths.reduce(JsonPath.omit, value) ?? null)
  }

  /** UTF-8 has one sign for all that is not well-formed: such ids are told apart by how JSON writes them. */
  const keyOf = (recordId: string): string =>
    fingerprint(recordId.isWellFormed() ? `record|${recordId}` : `ill-formed record|${JSON.stringify(recordId)}`)

  const normalise = (incoming: Incoming, now: number): Result.Result<Normalised, string> => {
    const mapped = attempt(() => resource.toRecord(incoming.row) as { readonly [key: string]: unknown })
    if (Result.isFailure(mapped)) {
      return Result.fail(
        Schema.isSchemaError(mapped.failure)
          ? `it is not what the connector expects (${issuePath(mapped.failure)})`
          : "the connector could not map it"
      )
    }
    // Activity and filters are decided on the whole record; what leaves is the record without excluded fields.
    const record: Record<string, unknown> = {}
    const leaving: Record<string, unknown> = {}
    let text = ""
    let models = ""
    for (const [index, key] of modelKeys.entries()) {
      const value = decode(key, mapped.success[key])
      if (Result.isFailure(value)) return Result.fail(value.failure)
      record[key] = value.success
      const sent = (leaving[key] = scoped(key, value.success))
      const json = JSON.stringify(sent)
      text += labels[index]! + json
      models += fingerprintOf(key, sent, json)
    }
    for (const key of internal) {
      const value = decode(key, mapped.success[key])
      if (Result.isFailure(value)) return Result.fail(value.failure)
      record[key] = value.success
      leaving[key] = scoped(key, value.success)
    }
    const unwanted =
      !options.includeInactive && !dataType.isActive(record)
        ? "inactive"
        : filter !== null && !filter(record, now)
          ? "out_of_filter"
          : null
    return Result.succeed({
      text: text === "" ? "{}" : `${text}}`,
      models,
      identifiers: dataType.identifiers(incoming.recordId, leaving),
      unwanted
    })
  }

  return {
    modelKeys,
    mapper,
    stable: filter === null,
    key: keyOf,
    identify: (row) => {
      let id: unknown
      try {
        id = resource.recordId(row)
      } catch {
        return Result.fail("its id cannot be read")
      }
      if (typeof id !== "string" || id === "") return Result.fail("it has no id")
      const raw = attempt(() => rawText(row))
      if (Result.isFailure(raw)) return Result.fail("it is nested too deeply")
      return Result.succeed({
        recordId: id,
        key: keyOf(id),
        raw: fingerprint(raw.success),
        row,
        updatedAt: resource.updatedAt === undefined ? undefined : updatedAt(resource, row)
      })
    },
    normalise: (incoming, now) => {
      try {
        return normalise(incoming, now)
      } catch {
        // Nested so deeply that it can be read but not written, or not what the data type's own functions can judge.
        return Result.fail("it cannot be judged")
      }
    }
  }
}

/** Which of two rows is newer is worth knowing, but no reason to stop. */
const updatedAt = (resource: AnyResource, row: unknown): number | undefined =>
  Result.getOrUndefined(attempt(() => resource.updatedAt?.(row)))

const attempt = <A>(f: () => A): Result.Result<A, unknown> => Result.try(f)

const pathsByModel = (paths: ReadonlyArray<string>): ReadonlyMap<string, ReadonlyArray<JsonPath.JsonPath>> => {
  const byModel = new Map<string, Array<JsonPath.JsonPath>>()
  for (const text of paths) {
    const [model, ...rest] = JsonPath.parse(text) ?? []
    if (model !== undefined) byModel.set(model, [...(byModel.get(model) ?? []), rest])
  }
  return byModel
}

const rawSerialiser = (volatile: ReadonlyArray<string>): ((row: unknown) => string) => {
  if (volatile.length === 0) return (row) => JSON.stringify(row) ?? "null"
  const dropped = Object.fromEntries(volatile.map((key) => [key, undefined]))
  return (row) => JSON.stringify(typeof row === "object" && row !== null ? { ...row, ...dropped } : row) ?? "null"
}

/** Whether two values of `mapper` stand for the same models and fields, whatever else may differ. */
export const sameShape = (a: number, b: number): boolean => a % 1024 === b % 1024

/** Ten bits of a fingerprint. */
const small = (text: string): number => {
  let n = 0
  for (const char of text.slice(0, 4)) n = (n * 31 + char.charCodeAt(0)) % 1024
  return n
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** The path alone: the formatter's message may quote the value. */
const issuePath = (error: unknown): string => {
  if (!Schema.isSchemaError(error)) return "it cannot be decoded"
  const path = formatIssue(error.issue).issues[0]?.path ?? []
  return path.length === 0
    ? "at its top"
    : `at ${path.map((part) => plainKey(String(typeof part === "object" ? part.key : part))).join(".")}`.slice(
        0,
        longestPath
      )
}

/** Keys that nobody declared are the app's data: only what looks like the name of a field is repeated. */
const plainKey = (key: string): string => (/^[A-Za-z0-9_-]{1,64}$/.test(key) ? key : "…")
const longestPath = 200
