import { Refused } from "./Errors.ts"
import type { Value } from "./Values.ts"

/** One comparison; `values` has several for IN. Stamps are epoch milliseconds in `instant`. */
export interface Comparison {
  readonly kind: "comparison"
  readonly field: string
  readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">=" | "IN"
  readonly values: ReadonlyArray<Value>
  readonly instant?: number
}
/** A condition of WHERE. */
export type Condition = Comparison | { readonly kind: "and" | "or"; readonly parts: ReadonlyArray<Condition> }

/** A query of the subset that the simulator knows. */
export interface Query {
  readonly text: string
  /** Empty for `COUNT()`. */
  readonly fields: ReadonlyArray<string>
  readonly count: boolean
  readonly object: string
  readonly where?: Condition
  readonly orderBy: ReadonlyArray<{ readonly field: string; readonly descending: boolean }>
  readonly limit?: number
}

const token =
  /\s*('(?:[^'\\]|\\.)*'|\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?|-?\d+(?:\.\d+)?|[A-Za-z_][\w.]*|<=|>=|!=|[=<>(),])/y

const tokens = (text: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  token.lastIndex = 0
  for (let at = 0; at < text.trimEnd().length; at = token.lastIndex) {
    const match = token.exec(text)
    if (match?.[1] === undefined)
      throw new Refused("MALFORMED_QUERY", `unexpected token at ${at}: '${text.slice(at, at + 20)}'`)
    found.push(match[1])
  }
  return found
}

const unescaped = (quoted: string) => quoted.slice(1, -1).replace(/\\(.)/g, "$1")

/** Reads `SELECT … FROM … [WHERE …] [ORDER BY …] [LIMIT n]`; anything else is MALFORMED_QUERY. */
export const parse = (text: string): Query => {
  const all = tokens(text)
  let at = 0
  const peek = () => all[at] ?? ""
  const is = (word: string) => peek().toUpperCase() === word
  const next = () => all[at++] ?? ""
  const expect = (word: string) => {
    if (next().toUpperCase() !== word)
      throw new Refused("MALFORMED_QUERY", `expecting ${word}, found '${all[at - 1] ?? "nothing"}'`)
  }
  const name = (): string => {
    const word = next()
    if (!/^[A-Za-z_][\w.]*$/.test(word)) throw new Refused("MALFORMED_QUERY", `expecting a name, found '${word}'`)
    return word
  }
  const literal = (): { readonly value: Value; readonly instant?: number } => {
    const word = next()
    if (word.startsWith("'")) return { value: unescaped(word) }
    if (/^\d{4}-\d{2}-\d{2}T/.test(word)) return { value: word, instant: Date.parse(word) }
    if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return { value: word }
    if (/^-?\d/.test(word)) return { value: Number(word) }
    if (/^(true|false)$/i.test(word)) return { value: word.toLowerCase() === "true" }
    if (/^null$/i.test(word)) return { value: null }
    throw new Refused("MALFORMED_QUERY", `unexpected token: '${word}'`)
  }
  const comparison = (): Condition => {
    if (is("(")) {
      next()
      const inner = disjunction()
      expect(")")
      return inner
    }
    const field = name()
    const operator = next().toUpperCase()
    if (operator === "IN") {
      expect("(")
      const values = [literal().value]
      while (is(",")) {
        next()
        values.push(literal().value)
      }
      expect(")")
      return { kind: "comparison", field, operator, values }
    }
    if (!/^(=|!=|<|<=|>|>=)$/.test(operator)) throw new Refused("MALFORMED_QUERY", `unknown operator '${operator}'`)
    const { instant, value } = literal()
    const known = operator as Comparison["operator"]
    return {
      kind: "comparison",
      field,
      operator: known,
      values: [value],
      ...(instant === undefined ? {} : { instant })
    }
  }
  const chain = (kind: "and" | "or", part: () => Condition): Condition => {
    const parts = [part()]
    while (is(kind.toUpperCase())) {
      next()
      parts.push(part())
    }
    return parts.length === 1 ? parts[0]! : { kind, parts }
  }
  const conjunction = () => chain("and", comparison)
  const disjunction = (): Condition => chain("or", conjunction)

  expect("SELECT")
  const fields: Array<string> = []
  let count = false
  do {
    if (is(",")) next()
    const field = name()
    if (field.toUpperCase() === "COUNT" && is("(")) {
      next()
      expect(")")
      count = true
    } else fields.push(field)
  } while (is(","))
  expect("FROM")
  const object = name()
  let where: Condition | undefined
  if (is("WHERE")) {
    next()
    where = disjunction()
  }
  const orderBy: Array<{ field: string; descending: boolean }> = []
  if (is("ORDER")) {
    next()
    expect("BY")
    do {
      if (is(",")) next()
      const field = name()
      const descending = is("DESC")
      if (descending || is("ASC")) next()
      orderBy.push({ field, descending })
    } while (is(","))
  }
  let limit: number | undefined
  if (is("LIMIT")) {
    next()
    limit = Number(next())
  }
  if (at < all.length) throw new Refused("MALFORMED_QUERY", `unexpected token: '${peek()}'`)
  return {
    text,
    fields,
    count,
    object,
    orderBy,
    ...(where === undefined ? {} : { where }),
    ...(limit === undefined ? {} : { limit })
  }
}

/** The comparisons that every row must pass: those that are not below an OR. */
export const musts = (where: Condition | undefined): ReadonlyArray<Comparison> =>
  where === undefined
    ? []
    : where.kind === "comparison"
      ? [where]
      : where.kind === "and"
        ? where.parts.flatMap(musts)
        : []
