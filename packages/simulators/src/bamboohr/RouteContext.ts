import type { View } from "./Fields.ts"

/** What every route may use. */
export interface RouteContext {
  readonly view: View
  readonly companyName: string
  /** Fields the key's owner may not see. */
  readonly hidden: ReadonlySet<string>
  /** Whether `since` includes the instant itself; the app does not say. */
  readonly sinceIncludes: boolean
  /** How pay stands in the compensation table. */
  readonly rateAs: "text" | "object"
  /** So many people at most are in a page of the whole dataset. */
  readonly largestPage?: number | undefined
}
