import type { Json } from "effect/Schema"

/** One answer as it may be committed: scrubbed. */
export interface Entry {
  readonly method: string
  /** Path and query; ids in it are fakes, the same ones as in the answers. */
  readonly target: string
  readonly status: number
  /** The JSON; null for an answer that was none, whose text is not kept. */
  readonly body: Json
}

/** What a live account answered, without a value of anybody: for fixtures, and to see when the app changes. */
export interface Cassette {
  readonly app: string
  /** Keys whose values are words of the app, and stayed: statuses, types. */
  readonly keep: ReadonlyArray<string>
  readonly entries: ReadonlyArray<Entry>
}

/** The endpoint of an entry: parts of the path with a digit in them are ids, but for versions. */
export const endpointOf = ({ method, target }: Entry): string =>
  `${method} ${target.split("?")[0]!.replace(/\/(?!v\d)[^/]*\d[^/]*(?=\/|$)/g, "/#")}`
