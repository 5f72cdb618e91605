/** A path into a record: `$.profile.workEmail` → `["profile", "workEmail"]`. Lists are entered without an index. */
export type JsonPath = ReadonlyArray<string>

/** Reads `$.a.b`, `a.b` or `$.a[*].b`; `undefined` for anything else. */
export const parse = (text: string): JsonPath | undefined => {
  const path = text
    .replace(/^\$\.?/, "")
    .replaceAll("[*]", "")
    .split(".")
  return path.every((part) => /^[\p{L}\p{N}_-]+$/u.test(part)) ? path : undefined
}

/** A copy of the value without what the path leads to; the value itself when there is nothing. */
export const omit = (value: unknown, path: JsonPath): unknown => {
  const [head, ...rest] = path
  if (head === undefined) return undefined
  if (Array.isArray(value)) return value.map((item) => omit(item, path))
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, head)) return value
  const { [head]: inner, ...others } = value as { readonly [key: string]: unknown }
  if (rest.length === 0) return others
  return { ...value, [head]: omit(inner, rest) }
}

/** What the path leads to; inside lists, the list of what it leads to. */
export const pick = (value: unknown, path: JsonPath): unknown => {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (Array.isArray(value)) return value.map((item) => pick(item, path))
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, head)) return undefined
  return pick((value as { readonly [key: string]: unknown })[head], rest)
}
