import * as Redacted from "effect/Redacted"
import type { Principal } from "../../service/Access.ts"
import type { Place } from "./Observer.ts"
import type { Scenario } from "./Scenario.ts"
import { SimulatedApp } from "./SimulatedApp.ts"

/** One of the two tenants. */
export interface Organisation {
  readonly index: number
  readonly principal: Principal
  readonly apiKey: Redacted.Redacted
  readonly appId: string
  readonly app: SimulatedApp
  readonly places: ReadonlyArray<Place>
  integrationId: string
}

/** A tenant with an account of an app of its own, and so many destinations. */
export const make = (index: number, destinations: number, scenario: Scenario): Organisation => {
  const letter = "ab"[index]!
  const marker = `canary-${letter}-of`
  const workspaceId = `ws_${letter}`
  const app = new SimulatedApp(marker)
  app.pageSize = scenario.pageSize
  app.tracksChanges = scenario.tracksChanges
  if (scenario.offset) app.paging = "offset"
  for (let i = 0; i < scenario.people[index]!; i++) app.hire()
  const apiKey = `ck_test_of_${letter}_0123456789`
  return {
    index,
    principal: { workspaceId, apiKeyId: `key_${letter}`, scopes: ["admin"] },
    apiKey: Redacted.make(apiKey),
    appId: `madeup-${letter}`,
    app,
    places: Array.from({ length: destinations }, (_, n): Place => ({
      id: `dst-${letter}${n}`,
      workspaceId,
      marker,
      apiKey: new TextEncoder().encode(apiKey),
      ...scenario.wishes[index === 0 ? n : 2]!,
      ack: n === 1 ? "2xx" : "200",
      secrets: [],
      urls: [],
      paused: { total: 0, since: null }
    })),
    integrationId: ""
  }
}
