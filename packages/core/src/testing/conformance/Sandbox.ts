import type { Values } from "../../connector/AuthScheme.ts"

/** What an app, or its simulator, does not have, and why; the checks that need it are reported as skipped, by name. */
export interface Absent {
  readonly absent: string
}

/** Declares that there is no such thing. The reason is shown with every check that is skipped for it. */
export const absent = (because: string): Absent => ({ absent: because })

/** Whether the part was declared as absent. */
export const isAbsent = (part: unknown): part is Absent => typeof part === "object" && part !== null && "absent" in part

/** A value now or later: control functions of simulators may be remote. */
export type Eventually<A> = A | Promise<A>

/** Which app the kit wants. */
export interface StartOptions {
  /** So many records of each data type, at least; active ones, unless the app makes some inactive by itself. */
  readonly records: number
  /** Two seeds give two accounts with different records. */
  readonly seed: number
  /** The clock, in epoch milliseconds. The app must ask it for everything that it does with time: waits cost nothing then. */
  readonly now: () => number
}

/** Credentials as `integration.import` takes them: the id of one of the connector's schemes, and its fields' values. */
export interface Access {
  readonly scheme: string
  readonly values: Values
}

/** The app's OAuth 2 server, for schemes of kind `oauth2`. */
export interface OAuth {
  readonly scheme: string
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  /**
   * Fresh tokens: `accessToken`, `refreshToken`, `expiresAt` (epoch milliseconds as text). Left out, the kit signs in at
   * the scheme's own authorisation URL, which must send the browser back at once; client credentials need nothing.
   */
  readonly signIn?: () => Eventually<Values>
  /** Where the simulator answers for the scheme's `authorizeUrl`, when that is not on the connector's own host. */
  readonly authorizeUrl?: string
  /** Where it answers for the scheme's `tokenUrl`, when that is not on the connector's own host. */
  readonly tokenUrl?: string
  /** Where it answers for the scheme's `revocation`, when that is not on the connector's own host. */
  readonly revokeUrl?: string
  /** Ends all access tokens; refresh tokens stay good. */
  readonly expire: () => Eventually<unknown>
  /** Ends refresh tokens too: only a new consent helps. */
  readonly revoke: () => Eventually<unknown>
}

/** A record as the app itself knows it. */
export interface TrueRecord {
  readonly id: string
  /** False: the data type's `isActive` must say so too, and receivers are told that it is gone. */
  readonly active: boolean
}

/**
 * What can be done to the records of one data type, past the API that the connector reads. Ids are those that the
 * connector's `recordId` gives.
 */
export interface Population {
  /** Everything that is there, inactive records too. Only what a listing of the connector would show. */
  readonly list: (() => Eventually<ReadonlyArray<TrueRecord>>) | Absent
  /** Adds an active record and gives its id. */
  readonly add: (() => Eventually<string>) | Absent
  /** Changes something that the connector maps; a different value for each `turn`. */
  readonly change: ((id: string, turn: number) => Eventually<unknown>) | Absent
  /** Removes the record from the app for good. */
  readonly remove: ((id: string) => Eventually<unknown>) | Absent
  /** Makes an active record inactive. */
  readonly deactivate: ((id: string) => Eventually<unknown>) | Absent
}

/** Faults that only the app can make, because they depend on what its answers look like. */
export interface ShapedFault {
  /** `empty-list`: a genuine-looking answer with nobody in it; `drop-page`: its records are missing, the rest stays. */
  readonly kind: "empty-list" | "drop-page"
  /** The next request with this method and path is hit, once. */
  readonly match: { readonly method: string; readonly path: string }
}

/** A request to the app's URL, with header names in lower case. */
export interface AppRequest {
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** What the app answers. */
export interface AppAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** A running app with one account in it. */
export interface RunningApp {
  /** Takes the place of the connector's base URL; null for a connector that sends no requests. */
  readonly baseUrl: string | null
  /**
   * Answers requests to the base URL's origin in this process, as the server there would; a simulator's `answer` fits. A
   * socket costs more than most answers do. Left out, and for other origins, requests go over HTTP.
   */
  readonly answer?: (request: AppRequest) => Eventually<AppAnswer>
  readonly settings: Values
  /** Credentials that work. Null: they come from `oauth`. */
  readonly access: Access | null
  /** Credentials that the app does not know. */
  readonly wrong: Access | Absent
  /** Credentials, or settings to go with `access`, that are good but may not read the data. */
  readonly forbidden: Access | Absent
  readonly oauth: OAuth | Absent
  /** By data type id; data types that are left out, or absent, are only read. */
  readonly populations: { readonly [dataType: string]: Population | Absent }
  /** Arms a fault; a simulator's `control.fault` fits. */
  readonly fault: ((fault: ShapedFault) => unknown) | Absent
  /** From now on JSON has its keys in another order and other white space; the same data. The kit does it itself when this is left out. */
  readonly shuffle?: (on: boolean) => unknown
  readonly close: () => Eventually<unknown>
}

/**
 * What the conformance kit needs of an app's simulator: an adapter of at most 60 lines in the connector's test folder.
 *
 * Statuses, 429, broken connections, truncated bodies, HTML and slowness are put in by the kit itself, between connector
 * and app, and so is the log of requests: no simulator needs to do that for it.
 */
export interface Sandbox {
  /** Starts an app of its own for one test: nothing is shared with another one. */
  readonly start: (options: StartOptions) => Promise<RunningApp>
  /** So many records that a listing takes at least three pages (or what the app can be made to page). Default 12. */
  readonly records?: number
  /** The app shows a change so much later at most; time is virtual. Default 60,000. */
  readonly visibleAfterMillis?: number
  /** Values of credentials or records that no log and no error may contain, beside what the kit knows by itself. */
  readonly canaries?: ReadonlyArray<string>
}
