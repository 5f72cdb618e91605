import * as JsonPath from "./JsonPath.ts"
import type { Expression } from "./SyncFilters.ts"

export type { Expression } from "./SyncFilters.ts"

/** Decides whether a record belongs to the sync. */
export type Predicate = (record: { readonly [key: string]: unknown }, now: number) => boolean

/** An expression that cannot be compiled: where in the tree, and why. */
export interface FilterFault {
  readonly path: string
  readonly message: string
}

/**
 * Compiles Knit's expression tree (`wire.md` 6).
 *
 * Logical nodes `and` and `or`; string operators `eq`, `beginsWith`, `endsWith`, `contains` (case counts); date
 * operators `isGreaterThan`, `isLessThan`, `isInBetween` (the right side is two instants joined with a comma) against
 * an ISO 8601 instant or a rolling period (`P30D`: thirty days ago, `+P30D`: in thirty days). A missing value matches
 * nothing.
 */
export const compile = (expression: Expression): Predicate | FilterFault => {
  try {
    return node(expression, "filters.virtual", 0)
  } catch (fault) {
    if (fault instanceof Fault) return { path: fault.path, message: fault.message }
    throw fault
  }
}

/** The keys that an expression reads, and where in the tree each is named. */
export const keys = (
  expression: Expression,
  path = "filters.virtual"
): ReadonlyArray<{ readonly key: string; readonly path: string }> => [
  ...(expression.type === "key" ? [{ key: expression.data, path: `${path}.data` }] : []),
  ...(expression.left === undefined ? [] : keys(expression.left, `${path}.left`)),
  ...(expression.right === undefined ? [] : keys(expression.right, `${path}.right`))
]

/** Deeper trees are refused, so that none is too deep for the stack. */
const maxDepth = 100

class Fault extends Error {
  readonly path: string
  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

const node = (expression: Expression, path: string, depth: number): Predicate => {
  if (depth > maxDepth) throw new Fault("filters.virtual", `An expression is at most ${maxDepth} levels deep.`)
  switch (expression.type) {
    case "logical_operator": {
      const left = node(side(expression, "left", path), `${path}.left`, depth + 1)
      const right = node(side(expression, "right", path), `${path}.right`, depth + 1)
      if (expression.data === "and") return (record, now) => left(record, now) && right(record, now)
      if (expression.data === "or") return (record, now) => left(record, now) || right(record, now)
      throw new Fault(`${path}.data`, "A logical operator is and or or.")
    }
    case "string_operator": {
      const read = key(expression, path)
      const compare = Object.hasOwn(stringOperators, expression.data) ? stringOperators[expression.data] : undefined
      if (compare === undefined)
        throw new Fault(`${path}.data`, `A string operator is one of ${Object.keys(stringOperators).join(", ")}.`)
      const value = leaf(expression, "value_string", path)
      return (record) => texts(read(record)).some((text) => compare(text, value))
    }
    case "date_operator": {
      if (!["isGreaterThan", "isLessThan", "isInBetween"].includes(expression.data)) {
        throw new Fault(`${path}.data`, "A date operator is isGreaterThan, isLessThan or isInBetween.")
      }
      const read = key(expression, path)
      const bounds = leaf(expression, "value_date", path)
        .split(",")
        .map((text) => instant(text.trim(), `${path}.right.data`))
      const [from, to] = bounds
      const matches =
        (test: (millis: number, now: number) => boolean): Predicate =>
        (record, now) =>
          texts(read(record)).some((text) => {
            const millis = parseDate(text)
            return !Number.isNaN(millis) && test(millis, now)
          })
      if (from === undefined || bounds.length !== (expression.data === "isInBetween" ? 2 : 1)) {
        throw new Fault(
          `${path}.right.data`,
          "isInBetween takes two dates joined with a comma, the other operators one."
        )
      }
      if (expression.data === "isGreaterThan") return matches((millis, now) => millis > from(now))
      if (expression.data === "isLessThan") return matches((millis, now) => millis < from(now))
      return matches((millis, now) => millis >= from(now) && millis <= to!(now))
    }
    default:
      throw new Fault(`${path}.type`, "A node's type is logical_operator, string_operator or date_operator.")
  }
}

const stringOperators: { readonly [name: string]: (text: string, value: string) => boolean } = {
  eq: (text, value) => text === value,
  beginsWith: (text, value) => text.startsWith(value),
  endsWith: (text, value) => text.endsWith(value),
  contains: (text, value) => text.includes(value)
}

const side = (expression: Expression, name: "left" | "right", path: string): Expression => {
  const found = expression[name]
  if (found === undefined) throw new Fault(`${path}.${name}`, `An operator needs a ${name} side.`)
  return found
}

const leaf = (expression: Expression, type: string, path: string): string => {
  const right = side(expression, "right", path)
  if (right.type !== type) throw new Fault(`${path}.right.type`, `The right side of this operator is a ${type}.`)
  return right.data
}

const key = (expression: Expression, path: string) => {
  const left = side(expression, "left", path)
  const parsed = left.type === "key" ? JsonPath.parse(left.data) : undefined
  if (parsed === undefined)
    throw new Fault(`${path}.left`, "The left side is a key: a dotted path into the record such as profile.workEmail.")
  return (record: { readonly [key: string]: unknown }) => JsonPath.pick(record, parsed)
}

const texts = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value)
    ? value.flatMap(texts)
    : value === null || value === undefined || typeof value === "object"
      ? []
      : [String(value)]

/** ISO 8601 only (`Date.parse` alone takes "Room 5" for a year), in UTC where no zone is named. */
const parseDate = (text: string): number => {
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text)
  return iso === null ? Number.NaN : Date.parse(iso[1] !== undefined && iso[4] === undefined ? `${text}Z` : text)
}

const dayMillis = 86_400_000

const instant = (text: string, path: string): ((now: number) => number) => {
  const rolling = /^([+-]?)P(\d+)D$/.exec(text)
  if (rolling !== null) {
    const offset = Number(rolling[2]) * dayMillis * (rolling[1] === "+" ? 1 : -1)
    return (now) => now + offset
  }
  const millis = parseDate(text)
  if (Number.isNaN(millis)) throw new Fault(path, "A date is an ISO 8601 instant or a rolling period such as P30D.")
  return () => millis
}
