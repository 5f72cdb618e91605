import { Control, RetrySchedule, Transport as Port } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Dispatcher, errors } from "undici"
import { EgressGuard, EgressRefused } from "./EgressGuard.ts"
import * as GuardedAgent from "./GuardedAgent.ts"

/** How much of an answer is read, to be thrown away: enough to use the connection again after an ordinary one. */
const mostRead = 16 * 1024
/**
 * What may come in all, most of it thrown away unseen: head and body, and up to two pieces of 64 KiB that Node reads at
 * once, so that an ordinary answer with a long body still tells its status.
 */
const mostReceived = 192 * 1024

/** The delivery transport on a guarded undici agent with keep-alive. */
export const layer = (
  options: Partial<GuardedAgent.AgentOptions> = {}
): Layer.Layer<Port.Transport, never, EgressGuard> =>
  Layer.effect(
    Port.Transport,
    Effect.gen(function* () {
      const guard = yield* EgressGuard
      const agent = yield* GuardedAgent.make(guard, { answerBytes: mostReceived, ...options })
      const split = splitter()
      return {
        post: (request) =>
          Effect.callback((resume) => {
            if (guard.check(request.url) !== null) return resume(failure(new Port.Blocked()))
            const posted = new Post(resume, request.timeoutMillis)
            agent.dispatch(
              {
                ...split(request.url),
                method: "POST",
                headers: request.headers,
                body: request.body,
                // The total limit of `Post` covers both.
                headersTimeout: 0,
                bodyTimeout: 0
              },
              posted
            )
            return Effect.sync(() => posted.cancel())
          })
      }
    })
  )

type Resume = (effect: Effect.Effect<Port.TransportResponse, Port.DeliveryFailure>) => void

/** One request under way. It resumes its fiber exactly once, whatever undici still has to say afterwards. */
class Post implements Dispatcher.DispatchHandler {
  private readonly resume: Resume
  private readonly timer: NodeJS.Timeout
  private controller: Dispatcher.DispatchController | undefined
  private answer: Port.TransportResponse | undefined
  private read = 0
  private done = false

  constructor(resume: Resume, timeoutMillis: number) {
    this.resume = resume
    this.timer = setTimeout(() => {
      this.finish(failure(new Port.Timeout()))
      this.controller?.abort(abandoned)
    }, timeoutMillis)
  }

  cancel() {
    this.finish(Effect.never)
    this.controller?.abort(abandoned)
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    this.controller = controller
    // Given up while it waited for a connection: not a byte of it may be sent any more.
    if (this.done) controller.abort(abandoned)
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | Array<string> | undefined>
  ) {
    if (status < 200) return
    const retryAfter = headers["retry-after"]
    const retryAfterMillis =
      typeof retryAfter === "string" ? RetrySchedule.parseRetryAfter(retryAfter, Date.now()) : undefined
    const asked = headers[Control.header]
    const control = typeof asked === "string" ? Control.parse(asked) : undefined
    this.answer = {
      status,
      ...(retryAfterMillis === undefined ? {} : { retryAfterMillis }),
      ...(control === undefined ? {} : { control })
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer) {
    this.read += chunk.length
    if (this.read <= mostRead || this.answer === undefined) return
    this.finish(Effect.succeed(this.answer))
    controller.abort(abandoned)
  }

  onResponseEnd() {
    const result = this.answer === undefined ? failure(new Port.InvalidResponse()) : Effect.succeed(this.answer)
    // undici frees the connection in an immediate that it is about to schedule. Going on only after that one lets the
    // next request have this connection, instead of opening another.
    process.nextTick(() => setImmediate(() => this.finish(result)))
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error) {
    this.finish(failure(reasonOf(error)))
  }

  private finish(result: Effect.Effect<Port.TransportResponse, Port.DeliveryFailure>) {
    if (this.done) return
    this.done = true
    clearTimeout(this.timer)
    this.resume(result)
  }
}

const abandoned = new Error("The answer is not needed any more")

const failure = (reason: Port.DeliveryFailure["reason"]) => Effect.fail(new Port.DeliveryFailure({ reason }))

/** The class of an error, from its code alone: messages may contain what the other side sent. */
const reasonOf = (error: unknown): Port.DeliveryFailure["reason"] => {
  if (error instanceof EgressRefused) return error.refusal === "unresolved" ? new Port.Connection() : new Port.Blocked()
  if (error instanceof errors.HTTPParserError) return new Port.InvalidResponse()
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") return new Port.Timeout()
  if (code.startsWith("UND_ERR_RES") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return new Port.InvalidResponse()
  }
  if (
    /^(ERR_TLS|ERR_SSL|CERT_|EPROTO|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/.test(
      code
    )
  ) {
    return new Port.Tls()
  }
  return new Port.Connection()
}

/** Splits a URL as undici wants it; a process sends to few URLs again and again. */
const splitter = () => {
  const known = new Map<string, { readonly origin: string; readonly path: string }>()
  return (text: string) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const url = new URL(text)
    const parts = { origin: url.origin, path: url.pathname + url.search }
    if (known.size >= 1024) known.clear()
    known.set(text, parts)
    return parts
  }
}
