/** A condition of a query: a path into the row, an operator, and what it is compared with. */
export interface Condition {
  readonly field: string
  readonly operator: "=" | "<" | ">" | "<=" | ">=" | "LIKE" | "IN"
  readonly values: ReadonlyArray<string>
}

/** A query of the app's language. */
export interface Query {
  readonly entity: string
  readonly count: boolean
  readonly conditions: ReadonlyArray<Condition>
  readonly order: ReadonlyArray<{ readonly field: string; readonly descending: boolean }>
  readonly start: number
  readonly most: number
}

/** What is wrong with a query; `4000` cannot be parsed, `4001` says something impossible. */
export class QueryFault extends Error {
  readonly code: "4000" | "4001"
  constructor(code: "4000" | "4001", detail: string) {
    super(detail)
    this.code = code
  }
}

const token = /\s*(?:('(?:\\.|[^'\\])*')|(<=|>=|[=<>(),*])|([A-Za-z_][\w.]*|\d+))/y

const tokens = (text: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  token.lastIndex = 0
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match === null) throw new QueryFault("4000", `Encountered "${text.slice(at, at + 12)}" at column ${at + 1}`)
    found.push(match[1] ?? match[2] ?? match[3] ?? "")
  }
  return found
}

/** Reads a query. There is no OR, no join, no bracket beside those of COUNT and IN. */
export const parse = (text: string): Query => {
  const words = tokens(text)
  let at = 0
  const peek = () => words[at]?.toUpperCase()
  const take = (wanted?: string): string => {
    const word = words[at++]
    if (word === undefined || (wanted !== undefined && word.toUpperCase() !== wanted)) {
      throw new QueryFault("4000", `Encountered "${word ?? "<EOF>"}", expected ${wanted ?? "more"}`)
    }
    return word
  }
  const literal = (): string => {
    const word = take()
    if (word.startsWith("'")) return word.slice(1, -1).replace(/\\(.)/g, "$1")
    if (/^(true|false|\d+)$/i.test(word)) return word.toLowerCase()
    throw new QueryFault("4000", `Encountered "${word}", expected a literal`)
  }

  take("SELECT")
  const count = peek() === "COUNT"
  if (count) for (const word of ["COUNT", "(", "*", ")"]) take(word)
  else take("*")
  take("FROM")
  const entity = take()
  const conditions: Array<Condition> = []
  if (peek() === "WHERE") {
    do {
      take()
      const field = take()
      const operator = take().toUpperCase()
      if (operator === "IN") {
        take("(")
        const values = [literal()]
        while (peek() === ",") {
          take(",")
          values.push(literal())
        }
        take(")")
        conditions.push({ field, operator, values })
      } else if (
        operator === "=" ||
        operator === "<" ||
        operator === ">" ||
        operator === "<=" ||
        operator === ">=" ||
        operator === "LIKE"
      ) {
        conditions.push({ field, operator, values: [literal()] })
      } else throw new QueryFault("4000", `Encountered "${operator}"`)
    } while (peek() === "AND")
  }
  const order: Array<{ field: string; descending: boolean }> = []
  if (peek() === "ORDERBY") {
    do {
      take()
      const field = take()
      const direction = peek()
      if (direction === "ASC" || direction === "DESC") take()
      order.push({ field, descending: direction === "DESC" })
    } while (peek() === ",")
  }
  let start = 1
  let most = 100
  while (at < words.length) {
    const word = take().toUpperCase()
    if (word !== "STARTPOSITION" && word !== "MAXRESULTS") throw new QueryFault("4000", `Encountered "${word}"`)
    const value = take()
    if (!/^\d+$/.test(value)) throw new QueryFault("4000", `Encountered "${value}"`)
    if (Number(value) < 1) throw new QueryFault("4001", `value ${value} is too small. Min allowed value is 1`)
    if (word === "STARTPOSITION") start = Number(value)
    else if (Number(value) > 1000)
      throw new QueryFault("4001", `value ${value} is too large. Max allowed value is 1000`)
    else most = Number(value)
  }
  return { entity, count, conditions, order, start, most }
}
