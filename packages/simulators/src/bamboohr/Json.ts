import type { Reply } from "../server/Reply.ts"

/** An answer in JSON. */
export const json = (value: unknown): Reply => ({ status: 200, json: value })

/** An empty map is written as a list: it is PHP on the other side. */
export const phpMap = (map: Record<string, unknown>) => (Object.keys(map).length === 0 ? [] : map)
