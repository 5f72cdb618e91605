import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Answer from "./Answer.ts"
import * as Loopback from "./Loopback.ts"
import type { Pace } from "./Pace.ts"

/** One request of the connector, and what became of it. */
export interface Exchange {
  /** The position among all requests of the world, from 0. */
  readonly n: number
  /** Virtual epoch milliseconds at which it was sent. */
  readonly at: number
  readonly method: string
  readonly url: URL
  readonly body: string
  readonly headers: { readonly [name: string]: string | undefined }
  /** Whether tokens were asked for: a form with a `grant_type`. */
  readonly isToken: boolean
  /** What makes two requests the same: method, URL and body. */
  readonly key: string
  /** The answer's status; null while there is none. */
  status: number | null
  /** The answer's text as the connector got it. */
  text: string
  /** Whether the connector had ended it before the answer came. */
  interrupted: boolean
  /** The fault that it met. */
  fault: string | null
}

/** What happens to a request instead of, or to, its true answer. */
export type Fault =
  /** This answer, and the app never sees the request. */
  | {
      readonly kind: "answer"
      readonly status: number
      readonly body: string
      readonly headers?: { readonly [name: string]: string }
    }
  /** The connection breaks before the first byte. */
  | { readonly kind: "reset" }
  /** The connection breaks in the middle of the true answer. */
  | { readonly kind: "cut" }
  /** Half of the true answer, as if it were all. */
  | { readonly kind: "half" }
  /** No answer, ever. */
  | { readonly kind: "hang" }
  /** The true answer with another text. */
  | { readonly kind: "rewrite"; readonly rewrite: (text: string) => string }

/** A true answer. */
interface Remembered {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly text: string
}

/** Faults for some requests. The first rule that gives a fault is taken. */
export type Rule = (exchange: Exchange) => Fault | Promise<Fault | undefined> | undefined

/** The connection between connector and app: a log of what was asked, and a place for faults. */
export class Wire {
  readonly log: Array<Exchange> = []
  /** How many requests there were, and how many of them went to the app. */
  readonly made = { all: 0, asked: 0 }
  /** Requests that are under way. */
  open = 0
  /** What every request meets until it is cleared; set it to an empty list to clear. */
  rules: ReadonlyArray<Rule> = []
  /** Where requests to these URLs go instead: an app's token endpoint on a host of its own. */
  readonly routes = new Map<string, string>()
  /** Requests that this run has already sent: what is asked twice may be a poll, and is asked indeed. */
  readonly asked = new Set<string>()
  /** Whether answers may be remembered at all: not in checks of what an app says when it is asked again. */
  remembers = true
  readonly #memory = new Map<string, Remembered>()
  #quiet = true
  /** What every true JSON answer goes through. */
  rewrite: ((text: string, exchange: Exchange) => string) | undefined
  readonly client: HttpClient.HttpClient

  constructor(transport: HttpClient.HttpClient, pace: Pace, traced: boolean) {
    const quiet = HttpClient.transformResponse(
      transport,
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
    )
    const send = (request: HttpClientRequest.HttpClientRequest) =>
      Effect.suspend(() => {
        const exchange = this.#enter(request, pace.time.now)
        this.open++
        return Effect.promise(() => pace.outside(() => this.#faultFor(exchange))).pipe(
          Effect.flatMap((fault) => answer(this.#routed(request), exchange, fault, quiet, pace, this)),
          Effect.onInterrupt(() => Effect.sync(() => void (exchange.interrupted = true))),
          Effect.ensuring(Effect.sync(() => void this.open--))
        )
      })
    this.client = traced
      ? HttpClient.make(send)
      : HttpClient.makeWith<never, never, HttpClientError.HttpClientError, never>(
          (request) => Effect.flatMap(request, send),
          Effect.succeed
        )
  }

  /** The app is being changed: what it said holds no longer, and what it says now may change at any time. */
  disturbed(): void {
    this.#memory.clear()
    this.#quiet = false
  }

  /** The app shows all that was done to it: the same request gets the same answer from now on. */
  settled(): void {
    this.#quiet = true
  }

  /**
   * The true answer to the first request of its kind in a run, when nothing has changed in the app since it was given:
   * hundreds of runs then cost the app nothing.
   */
  remembered({ isToken, key }: Exchange): Remembered | undefined {
    if (isToken || !this.#quiet || !this.remembers || this.asked.has(key)) return undefined
    this.asked.add(key)
    return this.#memory.get(key)
  }

  /** Keeps a true answer. */
  remember({ isToken, key }: Exchange, answer: Remembered): void {
    if (!isToken && this.#quiet && answer.status !== 401) this.#memory.set(key, answer)
  }

  /** The requests of the app's data, from the nth request of the world on. */
  since(n: number): ReadonlyArray<Exchange> {
    return this.log.slice(n).filter(({ isToken }) => !isToken)
  }

  #enter(request: HttpClientRequest.HttpClientRequest, at: number): Exchange {
    const url = Loopback.urlOf(request)
    const body = Loopback.bodyOf(request)
    const exchange: Exchange = {
      n: this.log.length,
      at,
      method: request.method,
      url,
      body,
      headers: { ...request.headers },
      isToken: /(?:^|[&"{,])grant_type["=]/.test(body),
      key: `${request.method} ${url.pathname}${url.search} ${asks(request.headers)} ${body}`,
      status: null,
      text: "",
      interrupted: false,
      fault: null
    }
    this.log.push(exchange)
    this.made.all++
    return exchange
  }

  #routed(request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest {
    const to = this.routes.get(request.url)
    return to === undefined ? request : HttpClientRequest.setUrl(request, to)
  }

  async #faultFor(exchange: Exchange): Promise<Fault | undefined> {
    for (const rule of this.rules) {
      const fault = await rule(exchange)
      if (fault === undefined) continue
      exchange.fault = fault.kind === "answer" ? `HTTP ${fault.status}` : fault.kind
      return fault
    }
    return undefined
  }
}

/** Headers that say who asks or on which trace, and nothing about the answer. */
const aside = new Set(["authorization", "b3", "traceparent"])

/** What the headers say about the answer that is wanted: its form, its language, since when. */
const asks = (headers: Headers.Headers): string =>
  JSON.stringify(Object.entries(headers).filter(([name]) => !aside.has(name)))

const answer = (
  request: HttpClientRequest.HttpClientRequest,
  exchange: Exchange,
  fault: Fault | undefined,
  transport: HttpClient.HttpClient,
  pace: Pace,
  wire: Wire
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> => {
  const give = (status: number, headers: { readonly [name: string]: string }, text: string, cut = false) => {
    exchange.status = status
    exchange.text = text
    return (cut ? Answer.cut : Answer.whole)(request, status, headers, text)
  }
  if (fault?.kind === "hang") return Effect.never
  if (fault?.kind === "reset") {
    return Effect.suspend(() =>
      Effect.fail(
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, description: "the connection was broken" })
        })
      )
    )
  }
  if (fault?.kind === "answer") {
    const headers = { "content-type": "application/json", date: new Date(pace.now()).toUTCString(), ...fault.headers }
    return Effect.sync(() => give(fault.status, headers, fault.body))
  }
  const ask = Effect.suspend((): Effect.Effect<Remembered, HttpClientError.HttpClientError> => {
    const known = wire.remembered(exchange)
    if (known !== undefined) {
      return Effect.succeed({ ...known, headers: { ...known.headers, date: new Date(pace.now()).toUTCString() } })
    }
    wire.made.asked++
    return pace.during(
      Effect.flatMap(transport.execute(request), (response) =>
        Effect.map(response.text, (text) => {
          const { "content-encoding": _, "content-length": __, "transfer-encoding": ___, ...headers } = response.headers
          const given = { status: response.status, headers, text }
          wire.remember(exchange, given)
          return given
        })
      )
    )
  })
  return Effect.map(ask, ({ headers, status, text: whole }) => {
    const text = exchange.isToken ? whole : (wire.rewrite?.(whole, exchange) ?? whole)
    if (fault?.kind === "cut" || fault?.kind === "half") {
      return give(status, headers, text.slice(0, Math.floor(text.length / 2)), fault.kind === "cut")
    }
    return give(status, headers, fault?.kind === "rewrite" ? fault.rewrite(text) : text)
  })
}
