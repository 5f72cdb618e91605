import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { BadPayload, NotFound, type ConnectorError } from "../connector/ConnectorError.ts"
import { isEnd, type End, type Page, type Pages } from "../connector/Page.ts"
import { diffPage, type Identified, identify, merge, type PageDiff, resend } from "../diff/PageDiff.ts"
import type { OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { SyncStore } from "../store/SyncStore.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import { noCounts, type RunIssue } from "./Run.ts"
import * as CommitBehind from "./CommitBehind.ts"
import { commit, contextOf, lookup, prepare, type RunSession } from "./RunSession.ts"
import * as Slices from "./Slices.ts"
import { TurnOver } from "./TurnOver.ts"

/** So many rows at most are diffed and committed together, however large the app's pages are. */
const maxCommit = 1000

/** What reading needs of the world. */
export interface Stores {
  readonly sync: SyncStore["Service"]
  readonly outbox: OutboxStore["Service"]
  /** So many waiting events of a destination make reading wait: the outbox stays bounded. */
  readonly maxBacklog: number
}

/**
 * Reads the run's pages from its checkpoint on, committing each, until the stream's `End`.
 *
 * Null when the stream stopped without proof of completeness: then nobody may be deleted, and the run fails.
 */
export const read = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores
): Effect.fn.Return<End | null, ConnectorError | StoreError | TurnOver, Scope.Scope> {
  // A run that waits for its receiver, and not for the first time, does not ask the app.
  yield* room(session, stores)
  const behind = yield* CommitBehind.make(session, stores.sync)
  const { changes, list } = session.resource
  const context = contextOf(session)
  const mode = session.checkpoint.mode

  // The cursor of the next delta is taken before a listing begins: what changes meanwhile is read again, not lost.
  if (mode !== "changes" && session.checkpoint.cursor === null && changes !== undefined) {
    session.checkpoint = { ...session.checkpoint, cursor: yield* changes.start(context) }
  }
  const pages: Stream.Stream<Pages, ConnectorError> =
    mode === "changes" && changes !== undefined && session.checkpoint.cursor !== null
      ? changes.fetch(context, session.checkpoint.cursor)
      : list(context)

  let end: End | null = null
  const scope = yield* Effect.scope
  const parts = pages.pipe(
    Stream.mapEffect((next): Effect.Effect<End | IdentifiedPage> =>
      isEnd(next) ? Effect.succeed(next) : identifyPage(session, next)
    ),
    Stream.flatMap((next): Stream.Stream<End | Part> =>
      isEnd(next) ? Stream.succeed(next) : Stream.fromIterable(partsOf(session, next))
    ),
    Stream.mapEffect((next): Effect.Effect<End | KnownPart> =>
      isEnd(next)
        ? Effect.succeed(next)
        : Effect.provideService(look(session, stores, behind, next), Scope.Scope, scope)
    )
  )
  // The app is asked for the next page, and the store what it has of it, while the last one is compared and stored.
  yield* Stream.runForEach(Stream.buffer(parts, { capacity: 1 }), (next) =>
    Effect.suspend(() => {
      if (end !== null) return Effect.fail(protocolFault(session, "A page came after the end of the listing."))
      if (!isEnd(next)) {
        const read = readPart(session, stores, behind, next)
        return next.last ? Effect.andThen(read, passTurn(session)) : read
      }
      end = next
      return Effect.void
    })
  ).pipe(
    // A page that was read before the fault is stored all the same; if it cannot be, that is the graver fault.
    Effect.tapError(() => behind.settled),
    Effect.andThen(behind.settled)
  )
  return end
}, Effect.scoped)

/** A page of the app, and the records that it holds. */
interface IdentifiedPage extends Identified {
  readonly page: Page
}

/** The page as a whole, so that a record that comes twice, or is reported as deleted too, is decided once. */
const identifyPage = Effect.fnUntraced(function* (session: RunSession, page: Page): Effect.fn.Return<IdentifiedPage> {
  const identified: IdentifiedPage = { page, incoming: new Map(), quarantined: new Map(), duplicates: 0 }
  yield* Slices.forEach(page.records, (rows) => void identify(rows, session.normaliser, identified))
  return identified
})

/** As much of a page as is compared and stored together. */
interface Part extends Identified {
  readonly page: Page
  readonly deleted: ReadonlyArray<string>
  readonly last: boolean
}

/** What belongs to the page as a whole goes with its first part, and what it reports as deleted with its last. */
const partsOf = (session: RunSession, { duplicates, incoming, page, quarantined }: IdentifiedPage): Array<Part> => {
  const deleted = page.deleted.map(session.normaliser.key).filter((key) => !incoming.has(key))
  const parts = incoming.size <= maxCommit ? [incoming] : Arr.chunksOf(incoming, maxCommit).map((part) => new Map(part))
  return parts.map((part, at): Part => {
    const last = at === parts.length - 1
    return {
      page,
      incoming: part,
      deleted: last ? deleted : [],
      quarantined: at === 0 ? quarantined : new Map(),
      duplicates: at === 0 ? duplicates : 0,
      last
    }
  })
}

/** A part, and what the store had of its records when it was read; the answer may be on its way. */
interface KnownPart extends Part {
  readonly known: Fiber.Fiber<CommitBehind.Known, StoreError | TurnOver>
}

/** Ends the turn of a session that has had its time. */
const passTurn = (session: RunSession): Effect.Effect<void, TurnOver> =>
  Effect.suspend(() => (session.turnOver ? Effect.fail(new TurnOver()) : Effect.void))

/** Waits while the receiver has too much to take in, as long as it is this run's turn. */
const room = Effect.fnUntraced(function* (session: RunSession, { maxBacklog, outbox }: Stores) {
  while ((yield* outbox.backlog(session.run.destinationId)) >= maxBacklog) {
    yield* passTurn(session)
    yield* Effect.sleep("1 second")
  }
})

const look = (
  session: RunSession,
  stores: Stores,
  behind: CommitBehind.CommitBehind,
  part: Part
): Effect.Effect<KnownPart, never, Scope.Scope> =>
  room(session, stores).pipe(
    Effect.andThen(behind.look([...part.incoming.keys()])),
    Effect.forkScoped({ startImmediately: true }),
    Effect.map((known) => ({ ...part, known }))
  )

const readPart = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores,
  behind: CommitBehind.CommitBehind,
  { deleted, duplicates, incoming, known, last, page, quarantined }: KnownPart
): Effect.fn.Return<void, ConnectorError | StoreError | TurnOver> {
  const { normaliser } = session
  const previous = yield* behind.now(yield* Fiber.join(known), deleted)
  // Only now: it may have waited for the receiver for hours.
  const now = yield* Clock.currentTimeMillis
  if (duplicates > 0) {
    note(session, {
      at: now,
      code: "record.duplicate",
      message: `${duplicates} row(s) of a page had the id of another; the newest, else the last, was taken.`
    })
  }
  const gone = yield* lookup(session, stores.sync, deleted)
  const diffs: Array<PageDiff> = []
  yield* Slices.forEach([...incoming], (slice, at) => {
    const first = at === 0
    const compared = diffPage({
      initial: session.checkpoint.mode === "initial",
      incoming: new Map(slice),
      previous,
      deleted: first ? gone : new Map(),
      seen: session.seen,
      normaliser,
      nextOrdinal: session.nextOrdinal,
      sequenceFloor: session.job.sequenceFloor,
      now,
      quarantined: first ? quarantined : new Map(),
      identifiersOf: session.recorder.identifiersOf
    })
    session.nextOrdinal = compared.nextOrdinal
    diffs.push(compared)
  })
  const diff = merge(diffs)
  if (diff.counts.quarantined > page.records.length / 100 && page.records.length >= 100) {
    return yield* protocolFault(
      session,
      `More than 1 % of a page cannot be read: ${[...diff.quarantined.keys()].join("; ")}.`
    )
  }
  for (const [why, count] of diff.quarantined) {
    note(session, { at: now, code: "record.quarantined", message: `${count} record(s) left out: ${why}.` })
  }
  const prepared = yield* prepare(session, diff, {
    ...session.checkpoint,
    // Only a whole page moves the app's position: half of one is read again, and found unchanged.
    page: last ? page.checkpoint : session.checkpoint.page,
    tainted: session.checkpoint.tainted || diff.tainted
  })
  yield* behind.commit(prepared, new Set([...incoming.keys(), ...deleted]))
})

/** So many issues about single rows are kept of a run; the counts tell about all. */
const maxNotes = 100

const note = (session: RunSession, issue: RunIssue): void => {
  if (session.run.issues.length + session.notes >= maxNotes) return
  session.notes++
  session.issues.push(issue)
}

/** Reads one record again and sends it, whatever the snapshot says. */
export const readOne = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores,
  recordId: string
): Effect.fn.Return<void, ConnectorError | StoreError> {
  const { normaliser, resource } = session
  const found = resource.get === undefined ? Option.none() : yield* resource.get(contextOf(session), recordId)
  const now = yield* Clock.currentTimeMillis
  const rows = yield* lookup(session, stores.sync, [normaliser.key(recordId)])
  const row = rows.get(normaliser.key(recordId))
  // With the commit the run has done its work: it only has to end, however often it is interrupted.
  const sent: Checkpoint = { ...session.checkpoint, phase: "fresh" }
  const alone = {
    initial: false,
    previous: rows,
    seen: session.seen,
    normaliser,
    nextOrdinal: session.nextOrdinal,
    sequenceFloor: session.job.sequenceFloor,
    now,
    quarantined: new Map<string, number>(),
    identifiersOf: session.recorder.identifiersOf
  }
  if (Option.isNone(found)) {
    if (row === undefined || row.state === "deleted") {
      return yield* session.client.fail("record.resync", new NotFound({ message: "The app has no such record." }))
    }
    const diff = diffPage({ ...alone, incoming: new Map(), deleted: rows })
    return yield* commit(session, stores.sync, diff, sent)
  }
  const incoming = normaliser.identify(found.value)
  if (Result.isFailure(incoming))
    return yield* protocolFault(session, `The record cannot be read: ${incoming.failure}.`)
  const normalised = normaliser.normalise(incoming.success, now)
  if (Result.isFailure(normalised))
    return yield* protocolFault(session, `The record cannot be read: ${normalised.failure}.`)
  const { unwanted } = normalised.success
  if (unwanted !== null) {
    // What the receiver must not have is not sent because somebody asks for it; what it has of it is deleted.
    if (row === undefined || row.state === "deleted") {
      const why = unwanted === "inactive" ? "is inactive" : "does not match the sync's filters"
      return yield* session.client.fail("record.resync", new NotFound({ message: `The record ${why}.` }))
    }
    const diff = diffPage({ ...alone, incoming: new Map([[row.key, incoming.success]]), deleted: new Map() })
    return yield* commit(session, stores.sync, diff, sent)
  }
  const again = resend(incoming.success, normalised.success, row, normaliser, {
    nextOrdinal: session.nextOrdinal,
    sequenceFloor: session.job.sequenceFloor
  })
  const counts = { ...noCounts, pages: 1, processed: 1, [again.change.kind]: 1 }
  yield* commit(session, stores.sync, { rows: [again.row], changes: [again.change], counts }, sent)
})

const protocolFault = (session: RunSession, message: string): ConnectorError =>
  session.client.fail(`${session.run.dataType}.${session.checkpoint.mode}`, new BadPayload({ message }))
