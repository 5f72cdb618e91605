import type { Json } from "effect/Schema"
import { type Cassette, endpointOf } from "./Cassette.ts"

/** By path of an endpoint's answers: what kinds of values stand there, and which words, where words are kept. */
export type Shape = ReadonlyMap<string, { readonly kinds: ReadonlySet<string>; readonly words: ReadonlySet<string> }>

const kindOf = (value: Json): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "list"
  if (typeof value !== "string") return typeof value
  if (value === "") return "empty text"
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return "date-time"
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return "date"
  if (/^[^\s@]+@[^\s@]+$/.test(value)) return "e-mail"
  if (/^https?:\/\//i.test(value)) return "URL"
  return /^-?\d+(\.\d+)?$/.test(value) ? "number in a text" : "text"
}

/** The shape of everything that was recorded; what was no JSON, and errors, are left out. */
export const of = ({ entries, keep }: Cassette): Shape => {
  const found = new Map<string, { kinds: Set<string>; words: Set<string> }>()
  const walk = (value: Json, path: string, key: string): void => {
    const here = found.get(path) ?? { kinds: new Set(), words: new Set() }
    found.set(path, here)
    here.kinds.add(kindOf(value))
    if (keep.includes(key) && typeof value === "string") here.words.add(value)
    if (Array.isArray(value)) for (const item of value as ReadonlyArray<Json>) walk(item, `${path}[]`, key)
    else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        walk(inner, `${path}.${/@|\d{3,}/.test(name) ? "*" : name}`, name)
      }
    }
  }
  for (const entry of entries) if (entry.status < 300) walk(entry.body, endpointOf(entry), "")
  return found
}

/** What does not tell a change of the app: that nothing stands somewhere, here or there. */
const silent = new Set(["null", "empty text"])

/**
 * What a live account shows that the cassette does not, each in a sentence that holds no value but words that are kept.
 * Keys that are in the cassette only may simply be unused in the other account; they are told too.
 */
export const drift = (recorded: Shape, live: Shape): ReadonlyArray<string> => {
  const told: Array<string> = []
  const roots = new Set([...live.keys()].map((path) => path.split(/[.[]/)[0]!))
  for (const [path, { kinds, words }] of live) {
    const before = recorded.get(path)
    if (before === undefined) {
      told.push(`${path} is new (${[...kinds].join(", ")})`)
      continue
    }
    const known = [...before.kinds].filter((kind) => !silent.has(kind))
    const other = [...kinds].filter((kind) => !silent.has(kind) && !known.includes(kind))
    if (known.length > 0 && other.length > 0) told.push(`${path} was ${known.join(", ")}, and is ${other.join(", ")}`)
    const fresh = [...words].filter((word) => before.words.size > 0 && !before.words.has(word))
    if (fresh.length > 0) told.push(`${path} has new words: ${fresh.join(", ")}`)
  }
  for (const path of recorded.keys()) {
    if (!live.has(path) && roots.has(path.split(/[.[]/)[0]!)) told.push(`${path} is gone`)
  }
  return told
}
