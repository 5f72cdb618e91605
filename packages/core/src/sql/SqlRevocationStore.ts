import * as Effect from "effect/Effect"
import { RevocationStore } from "../store/RevocationStore.ts"
import type { Database } from "./Database.ts"
import { integrations, revocations } from "./Tables.ts"

/** `RevocationStore` on SQL. */
export const make = ({ dialect, read, sql, write }: Database): RevocationStore["Service"] =>
  RevocationStore.of({
    add: (revocation) =>
      read(
        "addRevocation",
        Effect.asVoid(dialect.insert("revocations", revocations.columns, [revocations.encode(revocation)], ""))
      ),
    claim: (limit, leaseMillis) =>
      write(
        "claimRevocations",
        Effect.gen(function* () {
          const now = yield* dialect.now
          const rows = yield* sql`SELECT ${sql.literal(revocations.select())} FROM revocations
            WHERE next_attempt_at <= ${now} ORDER BY next_attempt_at, id LIMIT ${limit}
            ${dialect.skipLocked("revocations")}`
          const due = rows
            .map(revocations.decode)
            .map((one) => ({ ...one, attempts: one.attempts + 1, nextAttemptAt: now + leaseMillis }))
          if (due.length > 0) {
            yield* sql`UPDATE revocations SET attempts = attempts + 1, next_attempt_at = ${now + leaseMillis}
              WHERE ${dialect.among(
                "id",
                due.map(({ id }) => id)
              )}`
          }
          return due
        })
      ),
    postpone: ({ attempts, id }, delayMillis) =>
      write(
        "postponeRevocation",
        Effect.gen(function* () {
          const now = yield* dialect.now
          yield* sql`UPDATE revocations SET next_attempt_at = ${now + delayMillis}
            WHERE id = ${id} AND attempts = ${attempts}`
        })
      ),
    remove: (id) => read("removeRevocation", Effect.asVoid(sql`DELETE FROM revocations WHERE id = ${id}`)),
    sharing: (appId, company) =>
      read(
        "sharingIntegrations",
        Effect.map(
          sql`SELECT ${sql.literal(integrations.select())} FROM integrations
            WHERE app_id = ${appId} AND state NOT IN ('deactivated', 'expired') AND ${
              company === null
                ? sql`1 = 1`
                : sql.or([
                    sql`subject IS NULL`,
                    sql`subject = ${company}`,
                    sql`substr(subject, 1, length(${`${company}/`})) = ${`${company}/`}`
                  ])
            } ORDER BY id`,
          (rows) => rows.map(integrations.decode)
        )
      )
  })
