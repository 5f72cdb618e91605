import * as Base64 from "effect/encoding/Base64"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Crypto } from "../vault/Crypto.ts"

/** A Standard Webhooks secret or key that cannot be used. The message never contains it. */
export class InvalidSecret extends Schema.TaggedError<InvalidSecret>()("InvalidSecret", { problem: Schema.String }) {
  override get message(): string {
    return `The webhook secret is not usable: ${this.problem}. Expected "whsec_" and the base64 of 24 to 64 random bytes`
  }
}

/** Signs request bodies as Knit does: the value of `X-Knit-Signature`. */
export type KnitSigner = (body: Uint8Array) => string

/**
 * Signs as Standard Webhooks 1.0 does: the value of `webhook-signature`. The time, in epoch milliseconds, decides which
 * keys sign; its whole seconds are what is signed (`secondsOf`).
 */
export type StandardSigner = (id: string, atMillis: number, body: Uint8Array) => string

/** What signs: a secret (`v1`) or an Ed25519 private key's seed (`v1a`), until its time in epoch milliseconds, if any. */
export type StandardKey = { readonly until?: number | null } & (
  | { readonly version: "v1"; readonly secret: Redacted.Redacted<string> }
  | { readonly version: "v1a"; readonly seed: Redacted.Redacted<Uint8Array> }
)

/**
 * How many signatures one request carries at most. Receivers refuse longer lists, so as not to be kept busy: 20 in
 * `@crochet/client`.
 */
export const maximumSignatures = 20
/** Secrets, and as many Ed25519 keys, that may sign beside the current one during rotations. */
export const maximumPrevious = maximumSignatures / 2 - 1

const prefix = "whsec_"
const minimumLength = 24
const maximumLength = 64
const seedLength = 32
const encoder = new TextEncoder()

/** The value of `webhook-timestamp` for a time in epoch milliseconds. */
export const secondsOf = (atMillis: number): number => Math.floor(atMillis / 1000)

/**
 * Knit's signature: HMAC-SHA-256 of the body bytes, keyed with the API key's text, in base64url without padding.
 *
 * Source: Knit's documentation of webhooks, https://developers.getknit.dev
 */
export const knitSigner = (
  crypto: Pick<Crypto["Service"], "hmacSha256">,
  apiKey: Redacted.Redacted<string>
): KnitSigner => {
  const key = encoder.encode(Redacted.value(apiKey))
  return (body) => Base64Url.encode(crypto.hmacSha256(key, body))
}

/**
 * The signatures of Standard Webhooks over `id.timestamp.body`, in padded base64: `v1`, HMAC-SHA-256 keyed with the
 * secret's decoded bytes, and `v1a`, Ed25519. Every key signs that has not ended; the order has no meaning.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardSigner = (
  crypto: Pick<Crypto["Service"], "hmacSha256" | "ed25519Sign">,
  keys: ReadonlyArray<StandardKey>
): Result.Result<StandardSigner, InvalidSecret> => {
  const signers: Array<{ readonly until: number; readonly sign: (content: Uint8Array) => string }> = []
  for (const key of keys) {
    const bytes = key.version === "v1" ? secretBytes(Redacted.value(key.secret)) : seedBytes(Redacted.value(key.seed))
    if (Result.isFailure(bytes)) return Result.fail(bytes.failure)
    const own = bytes.success
    signers.push({
      until: key.until ?? Number.POSITIVE_INFINITY,
      sign:
        key.version === "v1"
          ? (content) => `v1,${Base64.encode(crypto.hmacSha256(own, content))}`
          : (content) => `v1a,${Base64.encode(crypto.ed25519Sign(own, content))}`
    })
  }
  if (!signers.some(({ until }) => until === Number.POSITIVE_INFINITY)) {
    return Result.fail(new InvalidSecret({ problem: "there is none that does not end" }))
  }
  if (signers.length > maximumSignatures) {
    return Result.fail(new InvalidSecret({ problem: `there are ${signers.length}, and at most 20 may sign` }))
  }
  return Result.succeed((id, atMillis, body) => {
    const head = encoder.encode(`${id}.${secondsOf(atMillis)}.`)
    const content = new Uint8Array(head.length + body.length)
    content.set(head)
    content.set(body, head.length)
    let signatures = ""
    for (const { until, sign } of signers) {
      if (until > atMillis) signatures += signatures === "" ? sign(content) : ` ${sign(content)}`
    }
    return signatures
  })
}

/** A new Standard Webhooks secret of 32 random bytes, to be shown once. */
export const newSecret = (crypto: Pick<Crypto["Service"], "randomBytes">): Redacted.Redacted<string> =>
  Redacted.make(prefix + Base64.encode(crypto.randomBytes(32)), { label: "webhook secret" })

/** An Ed25519 public key as Standard Webhooks writes it: `whpk_…`. */
export const publicKeyText = (publicKey: Uint8Array): string => `whpk_${Base64.encode(publicKey)}`

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

const seedBytes = (seed: Uint8Array): Result.Result<Uint8Array, InvalidSecret> =>
  seed.length === seedLength
    ? Result.succeed(seed)
    : Result.fail(new InvalidSecret({ problem: `an Ed25519 seed has ${seedLength} bytes, not ${seed.length}` }))
