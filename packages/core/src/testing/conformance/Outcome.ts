import type { Run } from "../../sync/Run.ts"
import type { Exchange } from "./Wire.ts"

/** A change as the receiver is told. */
export interface Change {
  readonly type: "record.new" | "record.modified" | "record.deleted"
  readonly eventId: string
  readonly recordId: string
  readonly data: { readonly [model: string]: unknown }
}

/** What came of one execution of a run. */
export interface Outcome {
  readonly run: Run
  readonly changes: ReadonlyArray<Change>
  /** The requests for data that it made; those for tokens are left out. */
  readonly requests: ReadonlyArray<Exchange>
  readonly tokenRequests: number
}
