import type { Values } from "../connector/AuthScheme.ts"
import type { Category } from "../model/DataType.ts"

/** Where an integration stands. Only `active` ones are synced. */
export type IntegrationState = "validating" | "active" | "needs_reconnect" | "deactivated" | "expired"

/** What went wrong last, in words for an end user. */
export interface IntegrationFault {
  readonly code: string
  readonly msg: string
  readonly resolution: string
}

/** One origin organisation's connected account of one app. Times are epoch milliseconds. */
export interface Integration {
  readonly id: string
  readonly workspaceId: string
  readonly appId: string
  readonly category: Category
  readonly originOrgId: string
  readonly originOrgName: string | null
  readonly accountType: "test" | "production"
  /** Since when it is a test account: its days count from here. Null for production accounts. */
  readonly testSince: number | null
  readonly state: IntegrationState
  readonly settings: Values
  /** The account's name in the app. */
  readonly accountName: string | null
  /** Whose credentials these are: part of the scope in which two listings are comparable. */
  readonly subject: string | null
  readonly lastError: IntegrationFault | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly deactivatedAt: number | null
}

/** The company of a subject, which may name a user of it too (`company/user`). */
export const companyOf = (subject: string | null): string | null => subject?.split("/")[0] ?? null

/** Whether the account has ended: its credentials are destroyed, and nothing is read for it any more. */
export const isOver = ({ state }: Pick<Integration, "state">): boolean => state === "deactivated" || state === "expired"
