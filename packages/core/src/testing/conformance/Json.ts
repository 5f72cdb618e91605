/** JSON texts as an app might have written them otherwise. What is no JSON stays as it is. */
const mapped = (text: string, map: (value: unknown) => string): string => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  return map(value)
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The same data with the keys of every object in reverse and other white space. */
export const reordered = (text: string): string => mapped(text, (value) => JSON.stringify(reverse(value), null, 3))

const reverse = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reverse)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reverse(inner)])
  )
}

/** The same data with one more field in every object that stands in a list. */
export const withUnknownField = (text: string): string =>
  mapped(text, (value) => JSON.stringify(everyRow(value, (row) => ({ ...row, crochetNobodyDeclaredThis: "new" }))))

const everyRow = (value: unknown, change: (row: { readonly [key: string]: unknown }) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? change(item) : item))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, everyRow(inner, change)]))
}

/** The same data with the row of the id broken: every value but the id's is of a wrong type. */
export const withBrokenRow = (id: string) => (text: string): string =>
  mapped(text, (value) => JSON.stringify(breakRow(value, id)))

const breakRow = (value: unknown, id: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => breakRow(item, id))
  if (!isObject(value)) return value
  const isIt = Object.entries(value).some(([key, inner]) => /id$/i.test(key) && String(inner) === id)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (!isIt) return [key, breakRow(inner, id)]
      return [key, String(inner) === id ? inner : isObject(inner) ? breakRow(inner, id) : [[{ broken: true }]]]
    })
  )
}

/** The path of the first key of `written` that decoding has left out; null when nothing was lost. */
export const keysLost = (written: unknown, decoded: unknown, path = ""): string | null => {
  if (Array.isArray(written)) {
    for (const [at, item] of written.entries()) {
      const lost = keysLost(item, Array.isArray(decoded) ? decoded[at] : undefined, `${path}[${at}]`)
      if (lost !== null) return lost
    }
    return null
  }
  if (!isObject(written)) return null
  for (const [key, value] of Object.entries(written)) {
    if (value === undefined || value === null) continue
    const here = path === "" ? key : `${path}.${key}`
    if (!isObject(decoded) || !(key in decoded)) return here
    const lost = keysLost(value, decoded[key], here)
    if (lost !== null) return lost
  }
  return null
}
