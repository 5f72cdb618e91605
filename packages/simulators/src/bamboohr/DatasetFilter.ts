/** A filter that cannot be used; the dataset endpoint answers 422 with its message. */
export class BadFilter extends Error {}

type Literal = string | number | boolean | null
type Operator = "eq" | "ne" | "lt" | "le" | "gt" | "ge"

/** Reads a field's value of one record, by name. */
export type Lookup = (field: string) => string | number | boolean | null
/** Whether a filter takes a record. */
export type Predicate = (lookup: Lookup) => boolean

interface Token {
  readonly kind: "word" | "literal" | "(" | ")" | ","
  readonly text: string
  readonly value: Literal
}

const operators: ReadonlyArray<string> = ["eq", "ne", "lt", "le", "gt", "ge"]

const tokenize = (source: string): Array<Token> => {
  const tokens: Array<Token> = []
  const pattern = /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.]*)|([(),]))/y
  while (pattern.lastIndex < source.length) {
    const from = pattern.lastIndex
    const match = pattern.exec(source)
    if (match === null) {
      if (source.slice(from).trim() === "") break
      throw new BadFilter(`Unexpected "${source.slice(from).trim().slice(0, 20)}" at position ${from}`)
    }
    const [, quoted, number, word, mark] = match
    if (quoted !== undefined) tokens.push({ kind: "literal", text: quoted, value: quoted.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: "literal", text: number, value: Number(number) })
    else if (mark === "(" || mark === ")" || mark === ",") tokens.push({ kind: mark, text: mark, value: null })
    else if (word === "true" || word === "false") tokens.push({ kind: "literal", text: word, value: word === "true" })
    else if (word === "null") tokens.push({ kind: "literal", text: word, value: null })
    else tokens.push({ kind: "word", text: word ?? "", value: null })
  }
  return tokens
}

const instantFields: ReadonlySet<string> = new Set(["lastChanged", "lastChangedIso"])
const numberFields: ReadonlySet<string> = new Set([
  "eeid",
  "age",
  "supervisorEid",
  "employeeNumber",
  "compensationPayRate"
])

const readInstant = (field: string, value: Literal): number => {
  const instant = typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(instant)) throw new BadFilter(`${field} must be compared with an ISO 8601 date-time in quotes`)
  return instant
}

/** Compares two values of one field; null when they cannot be ordered. */
const makeCompare = (field: string, literal: Literal): ((value: string | number | boolean | null) => number | null) => {
  if (literal === null) return (value) => (value === null || value === "" ? 0 : null)
  if (instantFields.has(field)) {
    const instant = readInstant(field, literal)
    return (value) => (typeof value === "string" ? Date.parse(value) - instant : null)
  }
  if (numberFields.has(field) || typeof literal === "number") {
    const number = Number(literal)
    if (Number.isNaN(number)) throw new BadFilter(`${field} must be compared with a number`)
    return (value) => (value === null || value === "" || Number.isNaN(Number(value)) ? null : Number(value) - number)
  }
  const text = String(literal)
  return (value) => (value === null ? null : String(value) === text ? 0 : String(value) < text ? -1 : 1)
}

const holds = (operator: Operator, order: number | null): boolean => {
  if (operator === "ne") return order !== 0
  if (order === null) return false
  if (operator === "eq") return order === 0
  if (operator === "lt") return order < 0
  if (operator === "le") return order <= 0
  if (operator === "gt") return order > 0
  return order >= 0
}

/**
 * Compiles the dataset's OData-like filter: `eq ne lt le gt ge`, `in (…)`, `and`, `or` and parentheses; texts in single
 * quotes, a quote inside doubled. `lastChanged` is compared as an instant, ids and amounts as numbers, the rest as text.
 * Empty values match no order, only `eq null`. `gte`, `lte`, `not` and functions are refused: the API lists none of them.
 */
export const compileFilter = (source: string, known: (field: string) => boolean): Predicate => {
  const tokens = tokenize(source)
  let at = 0
  const peek = () => tokens[at]
  const take = (kind: Token["kind"], wanted: string): Token => {
    const token = tokens[at]
    if (token?.kind !== kind) {
      throw new BadFilter(`Expected ${wanted}${token === undefined ? " at the end" : ` instead of "${token.text}"`}`)
    }
    at++
    return token
  }

  const comparison = (): Predicate => {
    if (peek()?.kind === "(") {
      at++
      const inner = either()
      take(")", '")"')
      return inner
    }
    const field = take("word", "a field name").text
    if (!known(field)) throw new BadFilter(`Unknown field "${field}"`)
    const operator = take("word", "an operator").text
    if (operator === "in") {
      take("(", '"("')
      const compares = [makeCompare(field, take("literal", "a value").value)]
      while (peek()?.kind === ",") {
        at++
        compares.push(makeCompare(field, take("literal", "a value").value))
      }
      take(")", '")"')
      return (lookup) => {
        const value = lookup(field)
        return compares.some((compare) => compare(value) === 0)
      }
    }
    if (!operators.includes(operator)) {
      throw new BadFilter(`Unknown operator "${operator}"; use eq, ne, lt, le, gt, ge or in`)
    }
    const compare = makeCompare(field, take("literal", "a value").value)
    return (lookup) => holds(operator as Operator, compare(lookup(field)))
  }

  const chain = (word: "and" | "or", part: () => Predicate): Predicate => {
    const parts = [part()]
    while (peek()?.kind === "word" && peek()?.text === word) {
      at++
      parts.push(part())
    }
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return only
    return word === "and"
      ? (lookup) => parts.every((predicate) => predicate(lookup))
      : (lookup) => parts.some((predicate) => predicate(lookup))
  }
  const both = (): Predicate => chain("and", comparison)
  const either = (): Predicate => chain("or", both)

  const compiled = either()
  const rest = peek()
  if (rest !== undefined) throw new BadFilter(`Unexpected "${rest.text}"`)
  return compiled
}
