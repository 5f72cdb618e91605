import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import { StoreError } from "../store/StoreError.ts"
import { VaultError } from "../vault/Vault.ts"

/** Why a call was not carried out; each kind has one HTTP status (`wire.md` 1). */
export const kinds = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  limited: 429,
  unsupported: 501,
  upstream: 502,
  unavailable: 503
} as const
/** Why a call was not carried out. */
export type Kind = keyof typeof kinds

/**
 * A call that was refused and changed nothing. `code` is stable and dotted; `field` is the JSON path of the bad input;
 * `resolution` says what the caller, or the end user, can do.
 */
export class Refusal extends Schema.TaggedError<Refusal>()("Refusal", {
  kind: Schema.Literals(Object.keys(kinds) as Array<Kind>),
  code: Schema.String,
  msg: Schema.String,
  field: Schema.optionalKey(Schema.String),
  reason: Schema.optionalKey(Schema.String),
  resolution: Schema.optionalKey(Schema.String),
  upstream: Schema.optionalKey(
    Schema.Struct({ status: Schema.optionalKey(Schema.Int), message: Schema.optionalKey(Schema.String) })
  ),
  retryAfterSeconds: Schema.optionalKey(Schema.Int)
}) {
  /** The HTTP status of the answer. */
  get status(): number {
    return kinds[this.kind]
  }
  override get message(): string {
    return this.msg
  }
}

/** There is no such thing in this workspace. */
export const notFound = (what: string, field: string): Refusal =>
  new Refusal({
    kind: "not_found",
    code: `${what}.not_found`,
    msg: `There is no such ${what}.`,
    field,
    resolution: `Check the id; ids belong to the workspace of the API key.`
  })

/** Well-formed input that cannot be carried out: names the field and the remedy. */
export const unprocessable = (code: string, field: string, msg: string, resolution: string): Refusal =>
  new Refusal({ kind: "unprocessable", code, msg, field, resolution })

/** An app that failed, in the words of the connector. `kind` 422 is for credentials and settings that the caller sent. */
export const ofConnector = (error: ConnectorError, kind: "upstream" | "unprocessable"): Refusal =>
  new Refusal({
    kind,
    code: error.code,
    msg: error.message,
    reason: error.reason._tag,
    resolution: error.resolution,
    upstream: {
      ...(error.reason.status === undefined ? {} : { status: error.reason.status }),
      ...(error.reason.message === undefined ? {} : { message: error.reason.message })
    }
  })

/** What a fault of the store or the vault is to the caller: nothing was changed. */
export const ofStorage = (error: StoreError | VaultError): Refusal => {
  switch (error.reason._tag) {
    case "BadPageToken":
      return new Refusal({
        kind: "malformed",
        code: "request.invalid_page_token",
        msg: "The page token is not one that this list gave out.",
        field: "pageToken",
        resolution: "Send nextPageToken of the answer before as it is, or leave pageToken out to begin at the start."
      })
    case "Conflict":
      return new Refusal({
        kind: "conflict",
        code: "store.conflict",
        msg: "Another call changed the same thing at the same time.",
        resolution: "Read it again, and send the call again if it is still wanted."
      })
    default:
      return new Refusal({
        kind: "unavailable",
        code: error._tag === "StoreError" ? "store.unavailable" : "vault.unavailable",
        msg: "The service cannot do this right now.",
        reason: error.reason._tag,
        resolution: "Try again in a moment; if it stays, look at the server's log with the execution id."
      })
  }
}

/** Turns faults of the store and the vault into refusals; every call of a service ends with it. */
export const orRefuse = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, Exclude<E, StoreError | VaultError> | Refusal, R> =>
  Effect.mapError(effect, (error) =>
    error instanceof StoreError || error instanceof VaultError
      ? ofStorage(error)
      : (error as Exclude<E, StoreError | VaultError>)
  )
