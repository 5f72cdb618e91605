import * as Effect from "effect/Effect"
import { start } from "../audit/AuditEntry.ts"
import { AuditStore } from "../store/AuditStore.ts"
import * as PageToken from "../store/PageToken.ts"
import { type Database, positionOf } from "./Database.ts"
import { auditLog } from "./Tables.ts"

/** `AuditStore` on SQL. */
export const make = ({ dialect, read, sql, write }: Database): AuditStore["Service"] => {
  const columns = sql.literal(auditLog.select())
  return AuditStore.of({
    append: (workspaceId, entryAfter) =>
      write(
        "appendAudit",
        Effect.gen(function* () {
          // One writer a chain: of two that come at once, the second waits here.
          yield* sql`SELECT 1 FROM workspaces WHERE id = ${workspaceId} ${dialect.forUpdate()}`
          const [last] = yield* sql`SELECT ${columns} FROM audit_log WHERE workspace_id = ${workspaceId}
            ORDER BY position DESC LIMIT 1`
          const entry = entryAfter(last === undefined ? start : auditLog.decode(last))
          yield* dialect.insert("audit_log", auditLog.columns, [auditLog.encode(entry)], "")
          return entry
        })
      ),
    list: Effect.fnUntraced(function* ({ action, actor, from, to, workspaceId }, request) {
      const after = yield* positionOf("listAudit", request.pageToken)
      const conditions = [
        sql`workspace_id = ${workspaceId}`,
        ...(action === undefined ? [] : [sql`action = ${action}`]),
        ...(actor === undefined ? [] : [sql`actor = ${actor}`]),
        ...(from === undefined ? [] : [sql`at >= ${from}`]),
        ...(to === undefined ? [] : [sql`at < ${to}`]),
        ...(after === undefined ? [] : [sql`position < ${after.at}`])
      ]
      const rows = yield* read(
        "listAudit",
        sql`SELECT ${columns} FROM audit_log WHERE ${sql.and(conditions)} ORDER BY position DESC
          LIMIT ${request.limit + 1}`
      )
      return PageToken.listing(rows.map(auditLog.decode), request.limit, (entry) => ({ at: entry.position, id: "" }))
    }),
    entries: (workspaceId, after, limit) =>
      read(
        "auditEntries",
        Effect.map(
          sql`SELECT ${columns} FROM audit_log WHERE workspace_id = ${workspaceId} AND position > ${after}
            ORDER BY position LIMIT ${limit}`,
          (rows) => rows.map(auditLog.decode)
        )
      )
  })
}
