import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import {
  type DeletionReason,
  type SnapshotEntry,
  type SnapshotRow,
  type SnapshotState,
  SyncStore
} from "../store/SyncStore.ts"
import type { Database } from "./Database.ts"
import * as Reading from "./Reading.ts"
import { overwrite } from "./Table.ts"
import { jobs, runs, snapshot } from "./Tables.ts"
import { conflict } from "../store/StoreError.ts"

/** `SyncStore` on SQL. */
export const make = (database: Database): SyncStore["Service"] => {
  const { sql, dialect, read, write, writeLight } = database
  const jobColumns = sql.literal(jobs.select())
  const runColumns = sql.literal(runs.select())
  const saveJobSuffix =
    `ON CONFLICT (id) DO UPDATE SET ${overwrite(jobs.columns, ["id", "workspace_id", "cursor", "scope", "deltas_since_listing", "sequence_floor"])} ` +
    `WHERE jobs.workspace_id = excluded.workspace_id RETURNING id`
  const firstJob = (rows: ReadonlyArray<object>) => Option.map(Option.fromUndefinedOr(rows[0]), jobs.decode)

  return SyncStore.of({
    saveJob: (job) =>
      write(
        "saveJob",
        Effect.gen(function* () {
          const others = yield* sql<{ readonly id: string }>`SELECT id FROM jobs
            WHERE integration_id = ${job.integrationId} AND data_type = ${job.dataType} AND id <> ${job.id}`
          if (others.length > 0) return yield* conflict("saveJob", "integration and data type")
          const parent =
            yield* sql`SELECT 1 FROM integrations WHERE id = ${job.integrationId} AND workspace_id = ${job.workspaceId}`
          if (parent.length === 0) return yield* conflict("saveJob", "integration")
          // Runs before jobs, as at the end of a run.
          if (job.state === "paused") {
            yield* sql`SELECT id FROM runs WHERE job_id = ${job.id} AND status = 'running' ${dialect.forUpdate()}`
          }
          const saved = yield* dialect.insert("jobs", jobs.columns, [jobs.encode(job)], saveJobSuffix)
          if (saved.length === 0) return yield* conflict("saveJob", "id")
          if (job.state === "paused") {
            yield* sql`UPDATE runs SET lease_token = lease_token + 1, lease_until = 0, lease_owner = NULL
              WHERE job_id = ${job.id} AND status = 'running'`
          }
          return undefined
        })
      ),
    job: (workspaceId, id) =>
      read(
        "job",
        Effect.map(sql`SELECT ${jobColumns} FROM jobs WHERE id = ${id} AND workspace_id = ${workspaceId}`, firstJob)
      ),
    jobFor: (workspaceId, integrationId, dataType) =>
      read(
        "jobFor",
        Effect.map(
          sql`SELECT ${jobColumns} FROM jobs
            WHERE integration_id = ${integrationId} AND data_type = ${dataType} AND workspace_id = ${workspaceId}`,
          firstJob
        )
      ),
    jobs: (filter, request) => {
      const conditions: Array<Fragment> = [sql`workspace_id = ${filter.workspaceId}`]
      if (filter.integrationId !== undefined) conditions.push(sql`integration_id = ${filter.integrationId}`)
      return database.list("listJobs", jobs, conditions, request, "oldest first")
    },
    raiseSequences: (floor) =>
      write(
        "raiseSequences",
        dialect.affected(sql`UPDATE jobs SET sequence_floor = ${floor} WHERE sequence_floor < ${floor}`)
      ),
    dueJobs: (limit) =>
      read(
        "dueJobs",
        Effect.flatMap(dialect.now, (now) =>
          Effect.map(
            sql`SELECT ${jobColumns} FROM jobs j WHERE state = 'active' AND next_run_at IS NOT NULL AND next_run_at <= ${now}
              AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.job_id = j.id AND r.status IN ('queued', 'running'))
              AND EXISTS (SELECT 1 FROM integrations i WHERE i.id = j.integration_id AND i.state = 'active')
              ORDER BY next_run_at, id LIMIT ${limit}`,
            (rows) => rows.map(jobs.decode)
          )
        )
      ),

    startRun: (run, options) => write("startRun", Reading.start(database, run, options)),
    run: (workspaceId, id) =>
      read(
        "run",
        Effect.map(sql`SELECT ${runColumns} FROM runs WHERE id = ${id} AND workspace_id = ${workspaceId}`, (rows) =>
          Option.map(Option.fromUndefinedOr(rows[0]), runs.decode)
        )
      ),
    runsById: (ids) =>
      read(
        "runsById",
        Effect.map(sql`SELECT ${runColumns} FROM runs WHERE ${dialect.among("id", ids)}`, (rows) =>
          rows.map(runs.decode)
        )
      ),
    runs: (filter, request) => {
      const conditions: Array<Fragment> = [sql`workspace_id = ${filter.workspaceId}`]
      if (filter.integrationId !== undefined) conditions.push(sql`integration_id = ${filter.integrationId}`)
      if (filter.jobId !== undefined) conditions.push(sql`job_id = ${filter.jobId}`)
      if (filter.dataType !== undefined) conditions.push(sql`data_type = ${filter.dataType}`)
      if (filter.status !== undefined) conditions.push(sql`status = ${filter.status}`)
      if (filter.from !== undefined) conditions.push(sql`created_at >= ${filter.from}`)
      if (filter.to !== undefined) conditions.push(sql`created_at < ${filter.to}`)
      return database.list("listRuns", runs, conditions, request, "newest first")
    },

    claimRun: (options) => writeLight("claimRun", Reading.claim(database, options)),
    runsWait: read("runsWait", Reading.waits(database)),
    renewRun: (lease, leaseMillis) => writeLight("renewRun", Reading.renew(database, lease, leaseMillis)),
    releaseRun: (lease, options) => write("releaseRun", Reading.release(database, lease, options)),
    commitPage: (lease, commit) => write("commitPage", Reading.commitPage(database, lease, commit)),
    endRun: (lease, end, close) => write("endRun", Reading.end(database, lease, end, close)),
    closable: (limit) => read("closableRuns", Reading.closable(database, limit)),
    closeRun: (id, close) => write("closeRun", Reading.close(database, id, close)),
    cancelRun: (workspaceId, id, at) => write("cancelRun", Reading.cancel(database, workspaceId, id, at)),

    // The key finds a row; asking for the job by its index would lead SQLite's planner through the whole snapshot.
    lookup: (jobId, keys) =>
      read(
        "lookup",
        Effect.map(
          sql`SELECT ${sql.literal(snapshot.select())} FROM snapshot
            WHERE ${dialect.among("key", keys)} AND ${dialect.unindexed("job_id", "text")} = ${jobId}`,
          (rows) => rows.map(snapshot.decode)
        )
      ),
    peek: (jobId, keys) =>
      read(
        "peek",
        Effect.map(
          sql`SELECT key, ordinal, raw, mapper, models, sequence, state, reason FROM snapshot
            WHERE ${dialect.among("key", keys)} AND ${dialect.unindexed("job_id", "text")} = ${jobId}`.values,
          (rows): ReadonlyArray<SnapshotEntry> =>
            rows.map(([key, ordinal, raw, mapper, models, sequence, state, reason]) => ({
              key: key as string,
              ordinal: Number(ordinal),
              raw: raw as string,
              mapper: Number(mapper),
              models: models as string,
              sequence: Number(sequence),
              state: state as SnapshotState,
              reason: reason as DeletionReason | null
            }))
        )
      ),
    rows: (jobId, ordinals) =>
      read(
        "rows",
        Effect.map(
          sql`SELECT ${sql.literal(snapshot.select())} FROM snapshot WHERE job_id = ${jobId} AND ${dialect.among("ordinal", ordinals)}`,
          (rows) => rows.map(snapshot.decode)
        )
      ),
    scan: (jobId, afterOrdinal, limit) =>
      read(
        "scan",
        Effect.map(
          sql<{
            readonly ordinal: number
            readonly key: string
            readonly state: SnapshotState
          }>`SELECT ordinal, key, state
            FROM snapshot WHERE job_id = ${jobId} AND ordinal > ${afterOrdinal} ORDER BY ordinal LIMIT ${limit}`,
          (rows): ReadonlyArray<Pick<SnapshotRow, "ordinal" | "key" | "state">> =>
            rows.map(({ key, ordinal, state }) => ({ ordinal: Number(ordinal), key, state }))
        )
      ),
    seen: (runId) =>
      read(
        "seen",
        Effect.map(
          sql<{ readonly chunk: number; readonly bits: Uint8Array }>`SELECT chunk, bits FROM seen_bits
            WHERE run_id = ${runId} ORDER BY chunk`,
          (rows) => rows.map(({ bits, chunk }) => ({ chunk: Number(chunk), bits }))
        )
      ),
    discardMissing: (jobId) =>
      read(
        "discardMissing",
        dialect.affected(
          sql`UPDATE snapshot SET state = 'live', reason = NULL WHERE job_id = ${jobId} AND state = 'missing'`
        )
      ),
    countMissing: (jobId) =>
      read(
        "countMissing",
        Effect.map(
          sql<{ readonly n: number }>`SELECT count(*) AS n FROM snapshot WHERE job_id = ${jobId} AND state = 'missing'`,
          (rows) => Number(rows[0]?.n ?? 0)
        )
      )
  })
}
