import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { Connector } from "../connector/Connector.ts"

/** The connectors that this installation has. */
export class Connectors extends Context.Service<
  Connectors,
  {
    readonly all: ReadonlyArray<Connector>
    readonly byId: (appId: string) => Connector | undefined
  }
>()("@crochet/core/service/Connectors") {
  /** A fixed set; throws a `TypeError` for two connectors of one app. */
  static readonly layer = (connectors: ReadonlyArray<Connector>): Layer.Layer<Connectors> =>
    Layer.sync(Connectors, () => {
      const byId = new Map(connectors.map((connector) => [connector.app.id, connector]))
      if (byId.size !== connectors.length) throw new TypeError("Two connectors have the same app id")
      return { all: connectors, byId: (appId: string) => byId.get(appId) }
    })
}
