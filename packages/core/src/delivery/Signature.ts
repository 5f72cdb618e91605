import * as Base64 from "effect/encoding/Base64"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Crypto } from "../vault/Crypto.ts"

/** A Standard Webhooks secret that cannot be used. The message never contains the secret. */
export class InvalidSecret extends Schema.TaggedError<InvalidSecret>()("InvalidSecret", { problem: Schema.String }) {
  override get message(): string {
    return `The webhook secret is not usable: ${this.problem}. Expected "whsec_" and the base64 of 24 to 64 random bytes`
  }
}

/** Signs request bodies as Knit does: the value of `X-Knit-Signature`. */
export type KnitSigner = (body: Uint8Array) => string

/** Signs as Standard Webhooks 1.0 does: the value of `webhook-signature`. The timestamp is in whole seconds. */
export type StandardSigner = (id: string, timestamp: number, body: Uint8Array) => string

type Hmac = Pick<Crypto["Service"], "hmacSha256">

const prefix = "whsec_"
const minimumLength = 24
const maximumLength = 64
const encoder = new TextEncoder()

/**
 * Knit's signature: HMAC-SHA-256 of the body bytes, keyed with the API key's text, in base64url without padding.
 *
 * Source: Knit's documentation of webhooks, https://developers.getknit.dev
 */
export const knitSigner = (crypto: Hmac, apiKey: Redacted.Redacted<string>): KnitSigner => {
  const key = encoder.encode(Redacted.value(apiKey))
  return (body) => Base64Url.encode(crypto.hmacSha256(key, body))
}

/**
 * The signature of Standard Webhooks, version `v1`: HMAC-SHA-256 of `id.timestamp.body`, keyed with the secret's decoded
 * bytes, in padded base64. With several secrets (a rotation) each one signs.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardSigner = (
  crypto: Hmac,
  secrets: ReadonlyArray<Redacted.Redacted<string>>
): Result.Result<StandardSigner, InvalidSecret> => {
  const keys: Array<Uint8Array> = []
  for (const secret of secrets) {
    const key = secretBytes(Redacted.value(secret))
    if (Result.isFailure(key)) return Result.fail(key.failure)
    keys.push(key.success)
  }
  if (keys.length === 0) return Result.fail(new InvalidSecret({ problem: "there is none" }))
  return Result.succeed((id, timestamp, body) => {
    const head = encoder.encode(`${id}.${timestamp}.`)
    const content = new Uint8Array(head.length + body.length)
    content.set(head)
    content.set(body, head.length)
    let signatures = ""
    for (const key of keys)
      signatures += `${signatures === "" ? "" : " "}v1,${Base64.encode(crypto.hmacSha256(key, content))}`
    return signatures
  })
}

/** A new Standard Webhooks secret of 32 random bytes, to be shown once. */
export const newSecret = (crypto: Pick<Crypto["Service"], "randomBytes">): Redacted.Redacted<string> =>
  Redacted.make(prefix + Base64.encode(crypto.randomBytes(32)), { label: "webhook secret" })

const secretBytes = (secret: string): Result.Result<Uint8Array, InvalidSecret> => {
  if (!secret.startsWith(prefix))
    return Result.fail(new InvalidSecret({ problem: `it does not start with "${prefix}"` }))
  const decoded = Base64.decode(secret.slice(prefix.length))
  if (Result.isFailure(decoded)) return Result.fail(new InvalidSecret({ problem: "it is not base64" }))
  const length = decoded.success.length
  return length < minimumLength || length > maximumLength
    ? Result.fail(new InvalidSecret({ problem: `it has ${length} bytes` }))
    : Result.succeed(decoded.success)
}
