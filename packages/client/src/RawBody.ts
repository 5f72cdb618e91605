import { WebhookVerificationError } from "./WebhookVerificationError.ts"

/** A body as it came: bytes, or text that nobody has parsed. Node's `Buffer` is a `Uint8Array`. */
export type RawBody = Uint8Array | ArrayBuffer | string

const remedy =
  'pass the bytes as they came: express.raw({ type: "*/*" }) and req.body, or await request.text(); see the README of @crochet/client'

/** A copy of the body's bytes, which nobody can change while they are verified. */
export const bytesOf = (body: unknown): Uint8Array<ArrayBuffer> => {
  if (typeof body === "string") return new TextEncoder().encode(body)
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(new Uint8Array(body.buffer, body.byteOffset, body.byteLength))
  }
  // By name, because an ArrayBuffer of another realm (a worker's, a test runner's) is no instance of this one's.
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") {
    return new Uint8Array(new Uint8Array(body as ArrayBuffer))
  }
  const found = body === undefined || body === null ? "There is no body" : "The body was parsed before it was verified"
  throw new WebhookVerificationError(
    "body_not_raw",
    `${found}; the signature covers the bytes that were sent, so ${remedy}`
  )
}
