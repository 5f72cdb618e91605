import type { ProviderResponse } from "../connector/ProviderClient.ts"
import * as JsonPath from "../filter/JsonPath.ts"

/** Where something stands in an answer: a dotted path (`data.people`), or a function. */
export type ValuePath<V> = string | ((answer: unknown) => V)

/** The same, for what may also stand in a header. */
export type AnswerPath<V> = string | ((answer: unknown, response: ProviderResponse) => V)

/** Makes the reader of a path; a path that cannot be one is a `TypeError` at once, which names the option. */
export const reader = (option: string, path: ValuePath<unknown> | undefined): ((answer: unknown) => unknown) => {
  if (path === undefined) return () => undefined
  if (typeof path === "function") return path
  const steps = JsonPath.parse(path)
  if (steps === undefined) {
    throw new TypeError(`${option}: ${JSON.stringify(path)} is not a path such as "data.people"; write a function`)
  }
  return (answer) => steps.reduce(step, answer)
}

/** Lists are not entered: an answer `[]` where an object is expected must not read as an empty list of rows. */
const step = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: unknown })[key]
    : undefined

/** The same, for what may also stand in a header. */
export const answerReader = (
  option: string,
  path: AnswerPath<unknown>
): ((answer: unknown, response: ProviderResponse) => unknown) =>
  typeof path === "function" ? path : reader(option, path)

/** Text of what an app gives as an id, name or token: strings and numbers, null for anything else. */
export const textOf = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" && Number.isFinite(value) ? String(value) : null

/** A count: a number, or one that is written as text. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === "number" ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined
