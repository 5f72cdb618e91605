import * as Base64 from "./Base64.ts"
import { WebhookVerificationError } from "./WebhookVerificationError.ts"

/** What a request may be verified with. Give at least one kind. */
export interface KeyOptions {
  /** The destination's secret, `whsec_…`, for `v1` signatures; several during a rotation. */
  readonly secrets?: string | ReadonlyArray<string> | undefined
  /** The workspace's Ed25519 public keys, `whpk_…`, for `v1a` signatures. Pin them: never read them from a request. */
  readonly publicKeys?: string | ReadonlyArray<string> | undefined
  /** The API key that registered the destination, for `X-Knit-Signature`; several while you change it. */
  readonly knitApiKey?: string | ReadonlyArray<string> | undefined
}

/** A key that says whether a signature is its own over these bytes, in constant time. */
export type Verifier = (signature: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>) => Promise<boolean>

/** The given keys, ready for use. */
export interface VerificationKeys {
  readonly v1: ReadonlyArray<Verifier>
  readonly v1a: ReadonlyArray<Verifier>
  readonly knit: ReadonlyArray<Verifier>
}

const invalid = (message: string): WebhookVerificationError => new WebhookVerificationError("invalid_options", message)

const listOf = (name: string, given: unknown): ReadonlyArray<string> => {
  const list: ReadonlyArray<unknown> = given === undefined ? [] : Array.isArray(given) ? given : [given]
  return list.map((one) => {
    if (typeof one === "string" && one !== "") return one
    throw invalid(`${name} is empty or not text: is the environment variable set?`)
  })
}

const decoded = (name: string, prefix: string, text: string, lengths: readonly [number, number]) => {
  if (!text.startsWith(prefix)) throw invalid(`${name} must begin with ${prefix}; copy the whole value`)
  const body = text.slice(prefix.length)
  // Other tools write secrets without padding.
  const bytes = Base64.decode(body) ?? Base64.decode(body + "=".repeat((4 - (body.length % 4)) % 4))
  if (bytes === null) throw invalid(`${name} is not base64 after ${prefix}: is there a space or a line break in it?`)
  if (bytes.length < lengths[0] || bytes.length > lengths[1]) {
    throw invalid(`${name} has ${bytes.length} bytes; copy the whole value`)
  }
  return bytes
}

const subtle = (): SubtleCrypto => {
  const found = (globalThis as { readonly crypto?: Crypto }).crypto?.subtle
  if (found !== undefined) return found
  throw new WebhookVerificationError(
    "unsupported_runtime",
    "crypto.subtle is missing: use Node 20 or newer, Bun, Deno or an edge runtime"
  )
}

const hmac = async (bytes: Uint8Array<ArrayBuffer>): Promise<Verifier> => {
  const web = subtle()
  const key = await web.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"])
  return (signature, content) => web.verify("HMAC", key, signature, content)
}

const ed25519 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Verifier> => {
  const web = subtle()
  try {
    const key = await web.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"])
    return (signature, content) => web.verify("Ed25519", key, signature, content)
  } catch (error) {
    if (error instanceof Error && error.name === "NotSupportedError") {
      throw new WebhookVerificationError(
        "unsupported_runtime",
        "This runtime has no Ed25519: use a newer one, or secrets (v1) instead of publicKeys"
      )
    }
    throw invalid("publicKeys: this is no Ed25519 public key; copy the whole value")
  }
}

/** Checks and imports the keys. */
export const of = async (options: KeyOptions | null | undefined): Promise<VerificationKeys> => {
  const secrets = listOf("secrets", options?.secrets)
  const publicKeys = listOf("publicKeys", options?.publicKeys)
  const apiKeys = listOf("knitApiKey", options?.knitApiKey)
  if (secrets.length + publicKeys.length + apiKeys.length === 0) {
    throw invalid("No key was given: pass secrets (whsec_…), publicKeys (whpk_…) or knitApiKey")
  }
  const encoder = new TextEncoder()
  const [v1, v1a, knit] = await Promise.all([
    Promise.all(secrets.map((one) => hmac(decoded("secrets", "whsec_", one, [24, 64])))),
    Promise.all(publicKeys.map((one) => ed25519(decoded("publicKeys", "whpk_", one, [32, 32])))),
    Promise.all(apiKeys.map((one) => hmac(encoder.encode(one))))
  ])
  return { v1, v1a, knit }
}

/** Makes `v1` signatures with a secret. */
export const signer = async (
  secret: string
): Promise<(content: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>> => {
  const web = subtle()
  const bytes = decoded("secret", "whsec_", secret, [24, 64])
  const key = await web.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  return async (content) => new Uint8Array(await web.sign("HMAC", key, content))
}
