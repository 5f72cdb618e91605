import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as HttpClient from "effect/http/HttpClient"
import { empty } from "../../store/memory/MemoryState.ts"
import * as Engine from "./Engine.ts"
import * as Loopback from "./Loopback.ts"
import { Pace } from "./Pace.ts"
import { isAbsent } from "./Sandbox.ts"
import * as SignIn from "./SignIn.ts"
import * as Touch from "./Touch.ts"
import { Wire } from "./Wire.ts"
import { World, type WorldOptions } from "./World.ts"

/** What time it is when a world begins: long after the simulators' made-up histories end. */
const begin = Date.UTC(2026, 8, 1, 8, 0, 0)

/** Starts an app and the engine, without an account yet. */
export const start = async (options: WorldOptions): Promise<World> => {
  const { connector, sandbox, seed = 1 } = options
  const pace = new Pace(begin, seed)
  pace.skew = options.skewMillis ?? 0
  const told = { touched: () => {} }
  const app = Touch.watched(
    await pace.outside(() => sandbox.start({ records: options.records ?? sandbox.records ?? 12, seed, now: pace.now })),
    () => told.touched()
  )
  const state = empty()
  const hooks: Engine.Hooks = { onPage: undefined, listing: undefined }
  const written: Array<string> = []
  const secrets = new Set<string>()
  if (!isAbsent(app.oauth)) secrets.add(app.oauth.client.clientSecret)
  const scope = Effect.runSync(Scope.make())
  const transport = await pace.run(
    Effect.map(Layer.buildWithScope(Loopback.to(app), scope), Context.get(HttpClient.HttpClient))
  )
  const wire = new Wire(transport, pace, options.listening === true)
  if (!isAbsent(app.oauth) && app.oauth.tokenUrl !== undefined) {
    wire.routes.set(SignIn.schemeOf(connector, app.oauth).tokenUrl(app.settings), app.oauth.tokenUrl)
  }
  const layer = Engine.layer({
    app,
    client: wire.client,
    connector,
    hooks,
    listening: options.listening === true,
    seed,
    state,
    written
  })
  const services = await pace.run(Layer.buildWithScope(layer, scope))
  const world = new World({ options, app, pace, wire, state, hooks, written, secrets, services, scope })
  told.touched = () => world.touch()
  return world
}

/** Starts an app with its account connected. */
export const connected = async (options: WorldOptions): Promise<World> => {
  const world = await start(options)
  const result = await world.connect(options.access ?? world.app.access)
  if ("_tag" in result) {
    await world.close()
    throw new Error(`The account cannot be connected with good credentials: ${result.code}: ${result.msg}`)
  }
  return world
}
