import { createHmac } from "node:crypto"
import { resolve } from "node:path"
import { Access } from "@crochet/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { PublicUrl } from "./api/Envelope.ts"
import * as Routes from "./api/Routes.ts"
import * as Caller from "./client/Caller.ts"
import * as CrochetClient from "./client/CrochetClient.ts"
import { CrochetError } from "./client/CrochetError.ts"
import type { CrochetConfig } from "./config/defineConfig.ts"
import * as MasterKey from "./config/MasterKey.ts"
import * as Settings from "./config/Settings.ts"
import { SettingsError } from "./config/SettingsError.ts"
import * as Runtime from "./Runtime.ts"
import * as FunctionDestinations from "./server/FunctionDestinations.ts"
import * as HttpListener from "./server/HttpListener.ts"
import * as Logging from "./server/Logging.ts"

/** What a Crochet inside another program can be told. Environment variables are not looked at. */
export interface CrochetOptions extends Omit<CrochetConfig, "databaseUrl" | "port" | "host" | "connectors"> {
  readonly connectors: NonNullable<CrochetConfig["connectors"]>
  /**
   * `sqlite:./.crochet/crochet.db` (default), relative to the working directory, `sqlite::memory:`, or
   * `postgres://user:password@host:5432/database`.
   */
  readonly database?: string
  /** Where `handler` is mounted, e.g. `/api/crochet`; default at the root. */
  readonly mountPath?: string
  /**
   * Gets every event of every category. An event is acknowledged when the promise resolves; when it rejects, the event
   * is tried again for 96 hours, and later events of the same record wait for it.
   */
  readonly onEvent?: FunctionDestinations.Receiver
}

/** A Crochet inside this program. */
export interface Crochet extends CrochetClient.CrochetClient {
  /** The key of this program: calls over `handler` or `listen` need it, and it signs `X-Knit-Signature`. */
  readonly apiKey: string
  /** Answers a call of the HTTP interface; mount it in any framework that speaks web requests. */
  readonly handler: (request: Request) => Promise<Response>
  /** Serves the HTTP interface on a port of its own; 0 chooses a free one. */
  readonly listen: (options?: {
    readonly port?: number
    readonly host?: string
  }) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>
  /** Stops: finishes what is under way, gives the rest back, closes the database. */
  readonly close: () => Promise<void>
}

const functionName = "onEvent"
/** Only a web request's form asks for it: calls inside the process never leave it. */
const inProcess = "http://crochet.internal"

const fromSettings = (error: SettingsError): CrochetError => {
  const [first] = error.problems
  return new CrochetError(
    error.message,
    { code: "settings.invalid", status: 0, field: first.setting, resolution: first.resolution },
    { cause: error }
  )
}

const settle = <A, E>(exit: Exit.Exit<A, E>): A => {
  if (Exit.isSuccess(exit)) return exit.value
  const fault = Cause.squash(exit.cause)
  if (fault instanceof SettingsError) throw fromSettings(fault)
  throw new CrochetError(
    fault instanceof Error && fault.message !== "" ? fault.message : String(fault),
    { code: "start.failed", status: 0 },
    { cause: fault }
  )
}

/** A key that belongs to the program by belonging to its master key: the same at every start, kept nowhere. */
const hostKey = (masterKey: Redacted.Redacted<Uint8Array>): Redacted.Redacted =>
  Redacted.make(
    `crochet_host_${createHmac("sha256", Redacted.value(masterKey)).update("crochet/host-api-key").digest("base64url")}`
  )

const settingsOf = (options: CrochetOptions) => {
  const { connectors, database, mountPath: _mountPath, onEvent: _onEvent, ...rest } = options
  return Settings.read({
    environment: {},
    config: {
      ...rest,
      log: { level: "warning", ...rest.log },
      ...(database === undefined ? {} : { databaseUrl: database })
    },
    appIds: connectors.map((connector) => connector.app.id),
    directory: resolve("."),
    nameOf: (key) => (key === "databaseUrl" ? "database" : key)
  })
}

/** Calls the function for every category of the connectors. */
const subscribe = async (
  client: CrochetClient.CrochetClient,
  connectors: CrochetOptions["connectors"]
): Promise<void> => {
  const url = FunctionDestinations.urlOf(functionName)
  const { webhooks } = await client.webhooks.list({ pageSize: 200 })
  for (const category of new Set(connectors.flatMap((connector) => connector.app.categories))) {
    if (webhooks.some((webhook) => webhook.url === url && webhook.category === category)) continue
    await client.webhooks.register({ category, url, mode: "standard" })
  }
}

/**
 * Starts a Crochet inside this program: connects accounts, syncs them on their timetable, delivers every change to
 * `onEvent` or to webhooks. Rejects with `CrochetError` when a setting cannot work.
 */
export const createCrochet = async (options: CrochetOptions): Promise<Crochet> => {
  const { settings } = settle(await Effect.runPromiseExit(settingsOf(options)))
  const masterKey = settle(await Effect.runPromiseExit(MasterKey.load(settings)))
  const functions = options.onEvent === undefined ? undefined : new Map([[functionName, options.onEvent]])
  const ownPorts = new Set<number>()
  const logging = Logging.layer(settings.log)
  const runtime = ManagedRuntime.make(
    Runtime.layer({ settings, masterKey, connectors: options.connectors, functions, ownPorts }).pipe(
      Layer.provideMerge(logging)
    )
  )
  const context = settle(await Effect.runPromiseExit(runtime.contextEffect))
  const apiKey = settings.apiKey ?? hostKey(masterKey.keys[0])
  settle(await runtime.runPromiseExit(Effect.flatMap(Access.Access, (access) => access.bootstrap(apiKey))))

  const publicUrl = settings.publicUrl ?? ""
  const web = HttpRouter.toWebHandler(
    Routes.layer.pipe(
      Layer.provide(Layer.succeed(PublicUrl, publicUrl)),
      Layer.provideMerge(Layer.merge(Layer.succeedContext(context), HttpServer.layerServices))
    ),
    { disableLogger: true }
  )
  const mountPath = (options.mountPath ?? "").replace(/\/+$/, "")
  const handler = (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    if (mountPath === "" || (url.pathname !== mountPath && !url.pathname.startsWith(`${mountPath}/`)))
      return web.handler(request)
    url.pathname = url.pathname.slice(mountPath.length) || "/"
    return web.handler(new Request(url, request))
  }
  const client = CrochetClient.make(
    Caller.make({ baseUrl: inProcess, apiKey: Redacted.value(apiKey), send: (request) => web.handler(request) })
  )
  if (functions !== undefined) await subscribe(client, options.connectors)

  const listeners = new Set<Scope.Closeable>()
  const closeListener = async (scope: Scope.Closeable) => {
    if (listeners.delete(scope)) await Effect.runPromise(Scope.close(scope, Exit.void))
  }
  return {
    ...client,
    apiKey: Redacted.value(apiKey),
    handler,
    listen: async ({ host = "127.0.0.1", port = 4400 } = {}) => {
      const scope = await Effect.runPromise(Scope.make())
      const built = await runtime.runPromiseExit(
        Layer.buildWithScope(
          HttpListener.layer({ ...settings, host, port }).pipe(Layer.provide(Layer.succeedContext(context))),
          scope
        )
      )
      const listening = settle(built)
      listeners.add(scope)
      const { address } = await Effect.runPromise(Effect.provideContext(HttpServer.HttpServer, listening))
      if ("port" in address) ownPorts.add(address.port)
      return { url: HttpListener.urlOf(address, host), close: () => closeListener(scope) }
    },
    close: async () => {
      for (const scope of listeners) await closeListener(scope)
      await web.dispose()
      await runtime.dispose()
    }
  }
}
