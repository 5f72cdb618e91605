import type { SnapshotRow, SyncStore } from "../SyncStore.ts"
import { atomic, type MemoryState } from "./MemoryState.ts"

/** The rows of a job, by key. */
export const rowsOf = (state: MemoryState, jobId: string): Map<string, SnapshotRow> =>
  state.snapshots.get(jobId) ?? new Map()

/** What `SyncStore` reads of snapshots and seen bits, and how held deletions are forgotten. */
export const make = (
  state: MemoryState
): Pick<SyncStore["Service"], "lookup" | "peek" | "rows" | "scan" | "seen" | "discardMissing" | "countMissing"> => ({
  lookup: (jobId, keys) =>
    atomic(() => {
      const rows = rowsOf(state, jobId)
      return [...new Set(keys)].flatMap((key) => rows.get(key) ?? [])
    }),
  peek: (jobId, keys) =>
    atomic(() => {
      const rows = rowsOf(state, jobId)
      return [...new Set(keys)].flatMap((key) => {
        const row = rows.get(key)
        if (row === undefined) return []
        const { identifiers: _, ...entry } = row
        return [entry]
      })
    }),
  rows: (jobId, ordinals) =>
    atomic(() => [...rowsOf(state, jobId).values()].filter((row) => ordinals.includes(row.ordinal))),
  scan: (jobId, afterOrdinal, limit) =>
    atomic(() =>
      [...rowsOf(state, jobId).values()]
        .filter((row) => row.ordinal > afterOrdinal)
        .sort((a, b) => a.ordinal - b.ordinal)
        .slice(0, limit)
        .map(({ ordinal, key, state }) => ({ ordinal, key, state }))
    ),
  seen: (runId) =>
    atomic(() =>
      [...(state.seen.get(runId) ?? [])]
        .sort(([a], [b]) => a - b)
        .map(([chunk, bits]) => ({ chunk, bits: bits.slice() }))
    ),
  discardMissing: (jobId) =>
    atomic(() => {
      let count = 0
      for (const row of rowsOf(state, jobId).values()) {
        if (row.state !== "missing") continue
        rowsOf(state, jobId).set(row.key, { ...row, state: "live", reason: null })
        count++
      }
      return count
    }),
  countMissing: (jobId) =>
    atomic(() => [...rowsOf(state, jobId).values()].filter((row) => row.state === "missing").length)
})
