import { CurrentWorkspace, DestinationStore, KeyStore, OutboxStore } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { refuse } from "./Envelope.ts"

const memory = Metric.gauge("process_resident_memory_bytes", { description: "Resident memory of the process" })
const pending = Metric.gauge("crochet_events_pending", { description: "Events that wait for delivery, by destination" })
const uptime = Metric.gauge("process_uptime_seconds", { description: "How long the process has been running" })

const live = HttpRouter.add("GET", "/health/live", HttpServerResponse.jsonUnsafe({ status: "ok" }))

const ready = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const keys = yield* KeyStore.KeyStore
    yield* router.add(
      "GET",
      "/health/ready",
      Effect.matchEffect(CurrentWorkspace.everyone(Effect.timeout(keys.workspaces, "5 seconds")), {
        onFailure: () =>
          refuse({
            status: 503,
            code: "store.unavailable",
            msg: "The database does not answer.",
            resolution: "Look at the server's log and check CROCHET_DATABASE_URL."
          }),
        onSuccess: () => Effect.succeed(HttpServerResponse.jsonUnsafe({ status: "ok", checks: { database: "ok" } }))
      })
    )
  })
)

const metrics = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const keys = yield* KeyStore.KeyStore
    const destinations = yield* DestinationStore.DestinationStore
    const outbox = yield* OutboxStore.OutboxStore

    const measurePending = Effect.gen(function* () {
      for (const workspaceId of yield* keys.workspaces) {
        const { items } = yield* destinations.list(workspaceId, { limit: 200 })
        for (const { id } of items) {
          yield* Metric.update(Metric.withAttributes(pending, { destination: id }), yield* outbox.backlog(id))
        }
      }
    })
    yield* router.add(
      "GET",
      "/metrics",
      Effect.gen(function* () {
        yield* Metric.update(memory, process.memoryUsage.rss())
        yield* Metric.update(uptime, process.uptime())
        yield* measurePending.pipe(
          CurrentWorkspace.everyone,
          Effect.catch((error) => Effect.logWarning("Pending events could not be counted", error))
        )
        const text = yield* PrometheusMetrics.format()
        return HttpServerResponse.text(text, { contentType: "text/plain; version=0.0.4; charset=utf-8" })
      })
    )
  })
)

/** `/health/live`, `/health/ready` and `/metrics`. */
export const layer = Layer.mergeAll(live, ready, metrics)
