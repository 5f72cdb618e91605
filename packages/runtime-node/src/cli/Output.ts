import type { EventReplay, ReplayAnswer, SyncJob, SyncRun } from "../client/CrochetClient.ts"

/** Rows under their headings, columns aligned. */
export const table = (headings: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] ?? "").length)))
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd()
    )
    .join("\n")
}

/** JSON for programs. */
export const json = (value: unknown): string => JSON.stringify(value, null, 2)

/** Sync jobs for people. */
export const jobs = (list: ReadonlyArray<SyncJob>): string =>
  list.length === 0
    ? "No sync jobs yet. Start one: crochet sync start --integration int_… employee"
    : table(
        ["JOB", "INTEGRATION", "APP", "DATA TYPE", "FREQUENCY", "STATE", "NEXT RUN"],
        list.map((job) => [
          job.syncJobId,
          job.integrationId,
          job.appId,
          job.dataType,
          typeof job.frequency === "string" ? job.frequency : JSON.stringify(job.frequency),
          job.state,
          job.nextRunAt ?? "–"
        ])
      )

/** Sync runs for people. */
export const runs = (list: ReadonlyArray<SyncRun>): string =>
  list.length === 0
    ? "No sync runs yet."
    : table(
        ["RUN", "DATA TYPE", "TYPE", "STATUS", "READ", "NEW", "MODIFIED", "DELETED", "SENT", "STARTED"],
        list.map((run) => [
          run.syncRunId,
          run.dataType,
          run.syncType,
          run.status,
          String(run.counts.processed),
          String(run.counts.new),
          String(run.counts.modified),
          String(run.counts.deleted),
          `${run.consumed}/${run.emitted}`,
          run.startedAt ?? "–"
        ])
      )

/** One line about how far a run is. */
export const progress = (run: SyncRun): string => {
  const { deleted, modified, new: added, pages, processed, unchanged } = run.counts
  return (
    `${run.status.padEnd(10)} read ${processed} (${pages} pages): ${added} new, ${modified} modified, ${deleted} deleted, ` +
    `${unchanged} unchanged; delivered ${run.consumed} of ${run.emitted}`
  )
}

/** A run with everything that a person should know about it. */
export const run = (view: SyncRun): string =>
  [
    `${view.syncRunId}  ${view.appId} ${view.dataType} ${view.syncType}`,
    progress(view),
    ...(view.heldDeletions > 0
      ? [
          `${view.heldDeletions} deletions are held back: release or discard them with sync.run.releaseDeletions or sync.run.discardDeletions.`
        ]
      : []),
    ...(view.expired > 0
      ? [
          `${view.expired} events expired before they were acknowledged.\n  → crochet events replay --run ${view.syncRunId} --follow`
        ]
      : []),
    ...(view.coalesced > 0 ? [`${view.coalesced} events were replaced by newer ones before they were sent.`] : []),
    ...view.issues.map(
      (issue) => `! ${issue.code}: ${issue.message}${issue.resolution === undefined ? "" : `\n  → ${issue.resolution}`}`
    )
  ].join("\n")

/** How much a replay would be about. */
export const matching = ({ states, total }: NonNullable<ReplayAnswer["matching"]>): string =>
  `${total} events would be sent again: ${Object.entries(states)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${n} ${state}`)
    .join(", ")}`

const skippedOf = (view: EventReplay): number => view.skipped.reduce((sum, { count }) => sum + count, 0)

/** Replays for people. */
export const replays = (list: ReadonlyArray<EventReplay>): string =>
  list.length === 0
    ? "No replays yet."
    : table(
        ["REPLAY", "STATE", "MATCHED", "MADE", "DELIVERED", "LEFT OUT", "CREATED"],
        list.map((view) => [
          view.replayId,
          view.state,
          String(view.examined),
          String(view.replayed + view.madeDue),
          String(view.events.acknowledged),
          String(skippedOf(view)),
          view.createdAt
        ])
      )

/** One line about how far a replay is. */
export const replayProgress = (view: EventReplay): string =>
  `${view.state.padEnd(9)} matched ${view.examined}: ${view.replayed} made, ${view.madeDue} made due, ${skippedOf(view)} left out; ` +
  `delivered ${view.events.acknowledged} of ${view.replayed}` +
  (view.lastError === null ? "" : ` (waits: ${view.lastError})`)

/** A replay with everything that a person should know about it. */
export const replay = (view: EventReplay): string =>
  [
    view.replayId,
    replayProgress(view),
    ...view.skipped.map(({ count, reason, resolution }) => `! ${count} left out: ${reason}\n  → ${resolution}`)
  ].join("\n")
