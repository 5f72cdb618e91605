import type { Incoming, Outgoing } from "./Answering.ts"

/** A request of this process, to an absolute URL of the simulator; header names are in lower case. */
export interface DirectRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** What the simulator answers. */
export interface DirectAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Asks a simulator of this process without a socket, which costs more than most answers do. The same as over HTTP:
 * rejects where the connection would break, and never settles where no answer would come.
 */
export type Direct = (request: DirectRequest) => Promise<DirectAnswer>

/** The direct way to a simulator at the address. */
export const directly =
  (answer: (incoming: Incoming) => Promise<Outgoing>, origin: string): Direct =>
  async ({ body, headers, method, url }) => {
    if (!url.startsWith(`${origin}/`)) throw new TypeError(`${new URL(url).origin} is not ${origin}`)
    const given = await answer({ method, target: url.slice(origin.length), origin, headers, body })
    if (given.silent === true) return new Promise(() => {})
    if (given.broken !== undefined) throw new TypeError("terminated")
    return { status: given.status, headers: given.headers, body: given.body }
  }
