import { type AuditEntry, start } from "../../audit/AuditEntry.ts"
import { AuditStore } from "../AuditStore.ts"
import { atomic, type MemoryState } from "./MemoryState.ts"
import * as MemoryListing from "./MemoryListing.ts"

/** `AuditStore` over the shared state. */
export const make = (state: MemoryState): AuditStore["Service"] => {
  const chain = (workspaceId: string): ReadonlyArray<AuditEntry> => state.audit.get(workspaceId) ?? []
  return AuditStore.of({
    append: (workspaceId, entryAfter) =>
      atomic(() => {
        const known = chain(workspaceId)
        const entry = entryAfter(known.at(-1) ?? start)
        state.audit.set(workspaceId, [...known, entry])
        return entry
      }),
    list: ({ action, actor, from, to, workspaceId }, request) =>
      atomic(() =>
        MemoryListing.newestFirst(
          "listAudit",
          chain(workspaceId).filter(
            (entry) =>
              (action === undefined || entry.action === action) &&
              (actor === undefined || entry.actor === actor) &&
              (from === undefined || entry.at >= from) &&
              (to === undefined || entry.at < to)
          ),
          request,
          (entry) => ({ at: entry.position, id: "" })
        )
      ),
    entries: (workspaceId, after, limit) => atomic(() => chain(workspaceId).slice(after, after + limit))
  })
}
