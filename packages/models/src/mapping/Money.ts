/** An amount in major units (65000 is sixty-five thousand) and its ISO 4217 currency, null where the text has none. */
export interface Money {
  readonly amount: number
  readonly currency: string | null
}

const shape = /^(?:([A-Za-z]{3}) ?)?([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?: ?([A-Za-z]{3}))?$/

/**
 * Reads an amount such as `"65000.00 USD"`, `"EUR 1,234.5"` or `"12.50"`.
 *
 * The point is the decimal separator and commas group thousands, as APIs write money. The number is the double
 * nearest to the decimal text, so it prints the way the text reads (`0.10` prints as `0.1`). Null for absent, empty
 * and anything else, also for amounts with more digits than a JSON number keeps: a wrong amount is worse than none.
 */
export const parse = (source: string | null | undefined): Money | null => {
  if (source === null || source === undefined) return null
  return plain(source) ?? general(source)
}

/** Of `65000.00 USD`, `65000.00` and `65000`, which nearly all are: a fifth of the time. Undefined for the rest. */
const plain = (source: string): Money | undefined => {
  let unscaled = 0
  let point = -1
  let at = 0
  for (; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code >= zero && code <= nine) unscaled = unscaled * 10 + (code - zero)
    else if (code === dot && point === -1) point = at
    else break
  }
  // Fifteen digits are kept whatever they are, and the quotient of two numbers that are exact is the nearest double.
  if (at === 0 || at > mostSigns || point === 0 || point === at - 1) return undefined
  const amount = point === -1 ? unscaled : unscaled / powers[at - point - 1]!
  if (at === source.length) return { amount, currency: null }
  if (source.charCodeAt(at) === space) at++
  return at + 3 === source.length && isUpper(source, at) && isUpper(source, at + 1) && isUpper(source, at + 2)
    ? { amount, currency: source.slice(at) }
    : undefined
}

const [zero, nine, dot, space] = [48, 57, 46, 32]
const mostSigns = 15
const powers = Array.from({ length: mostSigns }, (_, exponent) => 10 ** exponent)

const isUpper = (source: string, at: number): boolean => {
  const code = source.charCodeAt(at)
  return code >= 65 && code <= 90
}

const general = (source: string): Money | null => {
  const [, before, sign, whole, fraction = "", after] = shape.exec(source.trim()) ?? []
  if (whole === undefined || (before !== undefined && after !== undefined)) return null
  const digits = whole.replaceAll(",", "").replace(/^0+(?=\d)/, "")
  const decimals = fraction.replace(/0+$/, "").replace(/^\.$/, "")
  const magnitude = Number(digits + decimals)
  // The shortest text of a double is the one that JSON prints: if it is not the app's, digits were lost.
  if (String(magnitude) !== digits + decimals && !(magnitude < 1e-6)) return null
  const amount = sign === "-" && magnitude !== 0 ? -magnitude : magnitude
  return { amount, currency: (before ?? after)?.toUpperCase() ?? null }
}
