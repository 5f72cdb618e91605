import type { ClaimedEvent } from "../store/OutboxStore.ts"

const encoder = new TextEncoder()

/**
 * The body with its event type under another name, e.g. `record.changed` for `record.modified`.
 *
 * Bodies begin with `eventId` and `eventType` (`Envelope.ts`), so only those bytes are exchanged: every attempt with the
 * same alias sends the same bytes. The signature covers the renamed body.
 */
export const renamed = (event: Pick<ClaimedEvent, "id" | "type">, alias: string, body: Uint8Array): Uint8Array => {
  const before = `{"eventId":${JSON.stringify(event.id)},"eventType":`
  const head = encoder.encode(before + JSON.stringify(event.type))
  for (let i = 0; i < head.length; i++) if (body[i] !== head[i]) return body
  const newHead = encoder.encode(before + JSON.stringify(alias))
  const result = new Uint8Array(newHead.length + body.length - head.length)
  result.set(newHead)
  result.set(body.subarray(head.length), newHead.length)
  return result
}
