/** Input of the control interface that cannot be used: says which field, what was wrong and what would be right. */
export class InvalidInput extends Error {
  readonly field: string
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`)
    this.name = "InvalidInput"
    this.field = field
  }
}

const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value)?.slice(0, 80))

/** A plain object, or an `InvalidInput` that names `field`. */
export const requireObject = (field: string, value: unknown): Record<string, unknown> => {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new InvalidInput(field, `must be a JSON object, got ${shown(value)}`)
}

/** A text, or an `InvalidInput` that names `field`. */
export const requireText = (field: string, value: unknown): string => {
  if (typeof value === "string" && value !== "") return value
  throw new InvalidInput(field, `must be a text that is not empty, got ${shown(value)}`)
}

/** A whole number from `min` to `max`, or an `InvalidInput` that names `field`. */
export const requireInteger = (field: string, value: unknown, min: number, max: number): number => {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value
  throw new InvalidInput(field, `must be a whole number from ${min} to ${max}, got ${shown(value)}`)
}

/** `true` or `false`, or an `InvalidInput` that names `field`. */
export const requireFlag = (field: string, value: unknown): boolean => {
  if (typeof value === "boolean") return value
  throw new InvalidInput(field, `must be true or false, got ${shown(value)}`)
}

/** One of the allowed words, or an `InvalidInput` that names `field`. */
export const requireOneOf = <const A extends string>(field: string, value: unknown, allowed: ReadonlyArray<A>): A => {
  const found = allowed.find((word) => word === value)
  if (found !== undefined) return found
  throw new InvalidInput(field, `must be one of ${allowed.join(", ")}, got ${shown(value)}`)
}

/** A calendar date as `YYYY-MM-DD`, or an `InvalidInput` that names `field`. */
export const requireDate = (field: string, value: unknown): string => {
  if (typeof value === "string" && isDate(value)) return value
  throw new InvalidInput(field, `must be a date as YYYY-MM-DD, got ${shown(value)}`)
}

/** Whether the text is a real calendar date as `YYYY-MM-DD`. */
export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
}

/** Refuses names that nobody would read, so that a typing error is an error. */
export const refuseUnknown = (where: string, given: Record<string, unknown>, known: ReadonlyArray<string>): void => {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      const field = where === "" ? name : `${where}.${name}`
      throw new InvalidInput(field, `is not known here; known are ${known.join(", ")}`)
    }
  }
}
