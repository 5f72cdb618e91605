import type { Reason } from "../connector/ConnectorError.ts"

/** What went wrong before it is known in which operation; `hint` says who can do what about it. */
export interface Failure {
  readonly reason: Reason
  readonly hint?: string
  /** Asking again cannot help, whatever the reason. */
  readonly final?: true
}
