import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Webhook } from "standardwebhooks"

/** One request that came, whether or not it could be trusted. */
export interface Received {
  readonly eventId: string
  readonly eventType: string
  readonly syncRunId: string | undefined
  readonly recordId: string | undefined
  readonly eventData: Record<string, unknown>
  readonly body: string
  /** `X-Knit-Signature` fits the body and the API key. */
  readonly knit: boolean
  /** The `webhook-*` headers satisfy the `standardwebhooks` package from npm. */
  readonly standard: boolean
}

/** What signs the events, as the receiving side knows it. */
export interface Keys {
  readonly apiKey: string
  /** The `whsec_…` that `webhook.register` answers once. */
  readonly secret: string
}

type Headers = { readonly [name: string]: string }

/** As Knit's guide says: HMAC-SHA256 of the body with the API key, base64url without padding. */
export const knitSignatureFits = (keys: Keys, headers: Headers, body: string): boolean =>
  headers["x-knit-signature"] === createHmac("sha256", keys.apiKey).update(body).digest("base64url")

/** As the library of Standard Webhooks says; it refuses old timestamps too. */
export const standardSignatureFits = (keys: Keys, headers: Headers, body: string): boolean => {
  try {
    new Webhook(keys.secret).verify(body, { ...headers })
    return true
  } catch {
    return false
  }
}

/** A webhook on a free port of this machine that checks both signatures and keeps what came, in order. */
export const startReceiver = async (onEvent: (event: Received) => void) => {
  const received: Array<Received> = []
  let keys: Keys = { apiKey: "", secret: "" }
  let lastHeaders: Headers = {}

  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8")
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      const knit = knitSignatureFits(keys, headers, body)
      const standard = standardSignatureFits(keys, headers, body)
      const { eventData, eventId, eventType, recordId, syncRunId } = JSON.parse(body)
      const event: Received = { eventId, eventType, syncRunId, recordId, eventData, body, knit, standard }
      received.push(event)
      lastHeaders = headers
      onEvent(event)
      response.writeHead(knit && standard ? 200 : 401).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/knithook`,
    received,
    trust: (given: Keys) => void (keys = given),
    /** Whether a changed body, under the headers of the last event, is refused by both checks. */
    refusesForgery: () => {
      const last = received.at(-1)
      if (last === undefined) return false
      const forged = last.body.replace('"eventId":"', '"eventId":"x')
      return !knitSignatureFits(keys, lastHeaders, forged) && !standardSignatureFits(keys, lastHeaders, forged)
    },
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}
