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

/** The same data with the row of the id broken: every value but the id's is of a wrong type. `values`: see `ownValues`. */
export const withBrokenRow =
  (id: string, values: ReadonlyArray<string>) =>
  (text: string): string =>
    values.some((value) => text.includes(value))
      ? mapped(text, (value) => JSON.stringify(breakRow(value, id, values)))
      : text

const breakRow = (value: unknown, id: string, values: ReadonlyArray<string>): unknown => {
  const isId = (inner: unknown) => (typeof inner === "string" || typeof inner === "number") && String(inner) === id
  const named = (inner: { readonly [key: string]: unknown }) => {
    if (!Object.values(inner).some(isId)) return false
    const text = JSON.stringify(inner)
    return values.some((one) => text.includes(JSON.stringify(one).slice(1, -1)))
  }
  const holds = (inner: unknown): boolean =>
    Array.isArray(inner)
      ? inner.some(holds)
      : isObject(inner) && (named(inner) || Object.values(inner).some((one) => holds(one)))
  // What has the row in a list is no row, though it have the id too: as the position where a page starts, for one.
  const isRow = (inner: { readonly [key: string]: unknown }) =>
    named(inner) && !Object.values(inner).some((one) => Array.isArray(one) && holds(one))
  const broken = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(broken)
    if (!isObject(inner)) return inner
    const isIt = isRow(inner)
    return Object.fromEntries(
      Object.entries(inner).map(([key, one]) => [key, !isIt ? broken(one) : isId(one) ? one : [[{ broken: true }]]])
    )
  }
  return broken(value)
}

/** Texts that only this one of the records has: they tell its row from another object with the same id. */
export const ownValues = (id: string, records: ReadonlyMap<string, unknown>): ReadonlyArray<string> => {
  const texts = (value: unknown): ReadonlyArray<string> =>
    typeof value === "string" && value.length > 4 && !/^[A-Z_]+$/.test(value)
      ? [value]
      : typeof value === "object" && value !== null
        ? Object.values(value).flatMap(texts)
        : []
  const others = new Set([...records].flatMap(([other, record]) => (other === id ? [] : texts(record))))
  return texts(records.get(id)).filter((text) => !others.has(text))
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
