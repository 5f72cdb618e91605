import { createServer } from "node:net"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { redirectUriOf } from "../api/AuthorizationView.ts"
import * as Installation from "../config/Installation.ts"
import type { Settings } from "../config/Settings.ts"
import * as EgressGuard from "../egress/EgressGuard.ts"
import { bad, type Check, fromSettings, good } from "./Check.ts"
import * as DatabaseCheck from "./DatabaseCheck.ts"
import * as OperatorHttp from "./OperatorHttp.ts"

const oldestNode = [22, 19] as const
/** When this was written: no clock is right that stands before it. */
const written = Date.UTC(2026, 0, 1)
const tolerableSkewMillis = 5 * 60_000

const node = (version: string): Check => {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number)
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
    ? good("Node", version)
    : bad("Node", `${version} is too old`, `Install Node ${oldestNode.join(".")} or newer.`)
}

const port = (settings: Settings): Effect.Effect<Check> =>
  Effect.callback<Check>((resume) => {
    const name = `${settings.host}:${settings.port}`
    const server = createServer()
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") {
        resume(
          Effect.succeed(
            bad("Port", `${name}: ${error.code ?? error.message}`, "Choose another CROCHET_HOST or CROCHET_PORT.")
          )
        )
        return
      }
      resume(
        Effect.promise(async () => {
          try {
            const response = await OperatorHttp.send(
              new Request(`http://${settings.host}:${settings.port}/health/live`)
            )
            if (response.headers.has("x-knit-execution-id"))
              return good("Port", `${name}: a Crochet server is running there`)
          } catch {
            // Not one of ours.
          }
          return bad("Port", `${name} is in use by another program`, "Stop it, or choose another CROCHET_PORT.")
        })
      )
    })
    server.listen(settings.port, settings.host, () =>
      server.close(() => resume(Effect.succeed(good("Port", `${name} is free`))))
    )
  })

const reach = (appId: string, url: string, settings: Settings): Effect.Effect<Check> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.promise(async () => {
      const name = `Base URL of ${appId}`
      const refused = await Effect.runPromise(
        Effect.match(EgressGuard.make(EgressGuard.fromSettings(settings)).verify(url), {
          onSuccess: () => null,
          onFailure: (refusal) => refusal.message
        })
      )
      if (refused !== null)
        return bad(
          name,
          `${url}: ${refused}`,
          "List its network in CROCHET_EGRESS_ALLOW, e.g. 127.0.0.0/8 for this machine."
        )
      try {
        const response = await OperatorHttp.send(new Request(url), EgressGuard.fromSettings(settings))
        const date = Date.parse(response.headers.get("date") ?? "")
        const skew = Math.abs(date - now)
        return skew > tolerableSkewMillis
          ? bad(
              "Clock",
              `${Math.round(skew / 1000)} s apart from ${url}`,
              "Set this machine's clock (NTP): signatures and tokens depend on it."
            )
          : good(name, `${url} answers (HTTP ${response.status})`)
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error)
        return bad(name, `${url} does not answer: ${cause}`, "Start what should answer there, or correct the setting.")
      }
    })
  )

/** Looks at everything that a start needs, and says what to do about what is not right. Makes nothing. */
export const examine = Effect.fnUntraced(function* (place: Installation.Place): Effect.fn.Return<ReadonlyArray<Check>> {
  const checks: Array<Check> = [node(process.version)]
  const now = yield* Clock.currentTimeMillis
  checks.push(
    now > written
      ? good("Clock", new Date(now).toISOString())
      : bad(
          "Clock",
          `${new Date(now).toISOString()} lies in the past`,
          "Set this machine's clock (NTP): signatures and tokens depend on it."
        )
  )
  const loaded = yield* Effect.result(Installation.load(place))
  if (loaded._tag === "Failure") return [...checks, ...fromSettings("Settings", loaded.failure)]
  const { configPath, connectors, settings, warnings } = loaded.success
  checks.push(good("Settings", configPath ?? "from the environment and defaults"))
  for (const warning of warnings) checks.push(bad("Settings", warning, "Correct or remove it."))
  if (connectors.length > 0) checks.push(good("Connectors", connectors.map((connector) => connector.app.id).join(", ")))
  checks.push(...(yield* DatabaseCheck.examine(settings)), yield* port(settings))
  if (settings.publicUrl !== null || settings.port !== 0) {
    const publicUrl = settings.publicUrl ?? `http://${settings.host}:${settings.port}`
    for (const appId of Object.keys(settings.oauth)) {
      checks.push(good(`OAuth app of ${appId}`, `redirect URI to register: ${redirectUriOf(publicUrl, appId)}`))
    }
  }
  for (const [appId, url] of Object.entries(settings.baseUrls)) checks.push(yield* reach(appId, url, settings))
  return checks
})
