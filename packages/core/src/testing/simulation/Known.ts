import type { NewEvent } from "../../event/Event.ts"
import type { RunEnd } from "../../store/SyncStore.ts"

/** The invariants, and three promises more: order of a record, no duplicate without a fault, a changed URL holds. */
export type Invariant =
  | "I1 no loss"
  | "I2 no phantom"
  | "I3 identity"
  | "I4 barrier"
  | "I5 purge"
  | "I6 fencing"
  | "I7 isolation"
  | "I8 atomic diff"
  | "I9 books balance"
  | "I10 liveness"
  | "I11 window"
  | "I12 verifiable"
  | "order"
  | "M3 duplicates"
  | "F-43 url"

/** A promise that was broken. */
export interface Violation {
  readonly invariant: Invariant
  readonly at: number
  readonly message: string
  /** Ids that it is about, to find the steps that led there. */
  readonly about: ReadonlyArray<string>
}

/** What is known of an event that a transaction committed. */
export interface Known {
  readonly event: NewEvent
  /** What a closing event must say: the books of its run when it was made. */
  readonly books: { readonly emitted: number; readonly consumed: number } | null
  readonly committedAt: number
  /** How many requests its destination had had when its window began; until then, when it was committed. */
  requestsBefore: number
  /** The body as it was first sent. */
  text: string | null
  requests: number
  /** When the receiver first acted on it. */
  acceptedAt: number | null
  acceptances: number
  settled: "acknowledged" | "expired" | "discarded" | "coalesced" | null
  /** Whether a replay made up for it. */
  repaired: boolean
  /**
   * When its 96 hours began, by the true clock as well as it is known: with its first recorded attempt, or, for one that
   * has only been a probe, when its destination began to fail, or when it was committed, if that was later.
   */
  windowFrom: number | null
  /** By when they had begun for certain. */
  windowBy: number | null
  /** For how long its destination had been paused by then. */
  pausedBefore: number
  /** Attempts that are recorded. */
  attempts: number
  /** The token of its latest claim; -1 when it was given back or settled since. */
  token: number
}

/** How a run's reading ended, as it was committed. */
export interface KnownRun {
  token: number
  ended: RunEnd["status"] | null
  readonly events: Array<Known>
  /** Closing events that replays sent again. */
  readonly repeats: Array<Known>
}

/** Whether nothing of it is missing at the receiver: it has it, or something newer, or has it by a replay. */
export const isThrough = ({ acceptedAt, repaired, settled }: Known): boolean =>
  repaired || settled === "coalesced" || (settled === "acknowledged" && acceptedAt !== null)
