import * as Schema from "effect/Schema"

/** A row as the API writes it: field name to value. */
export type WireRow = { readonly [field: string]: unknown }

/** Addresses that are signed anew on every call, apart so that they do not make the row another. */
export interface Signed {
  readonly resume?: string
  readonly image?: string
}

/**
 * Why a row makes no record: it is then reported and counts as seen, so that nobody takes it for deleted. A record that
 * is in a list and not to be found by its id is one of these: either lags behind the other.
 */
export type Unreadable = "listed, but not found by its id" | "not the row that it claims to be"

/** What is known about a candidate: as the list has it, with the details when they were asked for. */
export interface CandidateRow {
  readonly candidate: WireRow
  readonly details?: WireRow
  readonly signed?: Signed
  readonly unreadable?: Unreadable
}

/** A candidate as an application for a job, with what was joined to it; `null` when that may not be read. */
export interface ApplicationRow extends CandidateRow {
  /** The stage in the pipeline of the job. */
  readonly stage?: WireRow | null
  /** The reason in the account's list of reasons. */
  readonly reason?: WireRow | null
  readonly events?: ReadonlyArray<WireRow> | null
  /** None or one: the app has the latest. */
  readonly offers?: ReadonlyArray<WireRow> | null
  /** The entries of the candidate's timeline in which somebody rated. */
  readonly ratings?: ReadonlyArray<WireRow> | null
}

/** An entry of a candidate's timeline, and whose it is. */
export interface ActivityRow {
  readonly activity: WireRow
  readonly candidateId: string
  /** Whether the candidate is on a job, and so an application. */
  readonly isApplication: boolean
}

/** A job as the list has it, with what was read about it; `null` when that may not be read. */
export interface JobRow {
  readonly job: WireRow
  readonly details?: WireRow | null
  readonly stages?: ReadonlyArray<WireRow> | null
  readonly members?: ReadonlyArray<WireRow> | null
  readonly recruiters?: ReadonlyArray<WireRow> | null
  readonly questions?: ReadonlyArray<WireRow> | null
  readonly unreadable?: Unreadable
}

/** An employee as the list has it, with the names behind its ids. */
export interface EmployeeRow {
  readonly employee: WireRow
  readonly department?: string
  /** The legal entity at the top of where the employee is. */
  readonly entity?: WireRow
  /** The location or site, when the employee is not at the entity itself. */
  readonly place?: string
}

/** Rows stay unknown so that one bad row spoils one record and not the page. */
export const Row = Schema.Record(Schema.String, Schema.Unknown)
const rows = Schema.Array(Row)
const paging = Schema.optionalKey(
  Schema.NullOr(Schema.Struct({ next: Schema.optionalKey(Schema.NullOr(Schema.String)) }))
)

/** `GET /accounts`. */
export const Accounts = Schema.Struct({ accounts: rows })
/** `GET /accounts/{subdomain}`: bare. */
export const AccountInfo = Schema.Struct({
  id: Schema.Union([Schema.String, Schema.Finite]),
  name: Schema.optionalKey(Schema.NullOr(Schema.String))
})
/** `GET /jobs`. */
export const Jobs = Schema.Struct({ jobs: rows, paging })
/** `GET /candidates` and `GET /jobs/{shortcode}/candidates`. */
export const Candidates = Schema.Struct({ candidates: rows, paging })
/** `GET /candidates/{id}`. */
export const CandidateDetails = Schema.Struct({ candidate: Row })
/** `GET /candidates/{id}/offer`: with no offer, the candidate in short and nothing else (recorded 2026-07). */
export const Offer = Row
/** `GET /candidates/{id}/activities`. */
export const Activities = Schema.Struct({ activities: rows, paging })
/** `GET /members`; the recording has no paging, since it has few. */
export const Members = Schema.Struct({ members: rows, paging })
/** `GET /events`. */
export const Events = Schema.Struct({ events: rows, paging })
/** `GET /jobs/{shortcode}/stages`. */
export const Stages = Schema.Struct({ stages: rows })
/** `GET /jobs/{shortcode}/members`. */
export const JobMembers = Schema.Struct({ members: rows })
/** `GET /jobs/{shortcode}/recruiters`. */
export const Recruiters = Schema.Struct({ recruiters: rows })
/** `GET /jobs/{shortcode}/questions`. */
export const Questions = Schema.Struct({ questions: rows })
/** `GET /departments`, `/legal_entities` and `/disqualification_reasons`: bare arrays. */
export const BareRows = rows
/** `GET /employees`. */
export const Employees = Schema.Struct({ total_count: Schema.optionalKey(Schema.Int), employees: rows })

/** The text of a value; empty text, `null` and what is no scalar are `undefined`. */
export const text = (value: unknown): string | undefined => {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  if (typeof value !== "string") return undefined
  const trimmed = value.trim()
  return trimmed === "" ? undefined : trimmed
}

/** The rows of a list; what is no object is left out, and what is no list is `null`. */
export const list = (value: unknown): ReadonlyArray<WireRow> | null =>
  Array.isArray(value) ? value.filter((item): item is WireRow => isRow(item)) : null

/** Throws for a row that makes no record: without any of the fields that every row of its kind has. */
export const requireReadable = (row: WireRow, unreadable: Unreadable | undefined, ...usual: ReadonlyArray<string>) => {
  if (unreadable !== undefined) throw new TypeError(unreadable)
  if (usual.every((field) => text(row[field]) === undefined)) throw new TypeError("not the row that it claims to be")
}

/** An object inside a row; an empty one when there is none. */
export const part = (value: unknown): WireRow => (isRow(value) ? value : {})

const isRow = (value: unknown): value is WireRow => typeof value === "object" && value !== null && !Array.isArray(value)
