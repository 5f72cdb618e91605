import * as Base64 from "effect/encoding/Base64"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { places } from "../../delivery/DestinationKeys.ts"
import { Destinations } from "../../service/Destinations.ts"
import { Events } from "../../service/Events.ts"
import { Integrations } from "../../service/Integrations.ts"
import { Replays } from "../../service/Replays.ts"
import { Syncs } from "../../service/Syncs.ts"
import { DestinationStore } from "../../store/DestinationStore.ts"
import { KeyStore } from "../../store/KeyStore.ts"
import type { MemoryState } from "../../store/memory/MemoryState.ts"
import { Vault, type Sealer } from "../../vault/Vault.ts"
import * as Fixture from "../store/Fixtures.ts"
import type { Ledger } from "./Ledger.ts"
import type { Services } from "./Machine.ts"
import type { Organisation } from "./Organisation.ts"
import type { Act } from "./Incident.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** What an operator can see and has. */
export interface Desk {
  readonly organisations: ReadonlyArray<Organisation>
  readonly state: MemoryState
  readonly ledger: Ledger
  readonly random: SeededRandom
}

const encoder = new TextEncoder()
const dataType = "employee"

const sealerOf = (workspaceId: string) =>
  Effect.flatMap(Vault, (vault) => vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId }))

/** A Standard Webhooks secret for the place, sealed. */
const newSecret = (desk: Desk, sealer: Sealer, id: string): Uint8Array =>
  sealer.seal(places.secret(id), `whsec_${Base64.encode(desk.random.bytes(32))}`)

/** Brings a tenant: workspace, key, destinations, account, and its first sync. */
export const setUp = (desk: Desk, organisation: Organisation, hours: number): Effect.Effect<void, unknown, Services> =>
  Effect.gen(function* () {
    const { apiKey, appId, principal } = organisation
    const { apiKeyId, workspaceId } = principal
    const at = yield* Clock.currentTimeMillis
    const keys = yield* KeyStore
    yield* keys.addWorkspace(workspaceId, at)
    const sealer = yield* sealerOf(workspaceId)
    const sealedKey = sealer.seal(places.apiKey(apiKeyId), encoder.encode(Redacted.value(apiKey)))
    yield* keys.addApiKey(Fixture.apiKey(apiKeyId, { workspaceId, scopes: ["admin"], sealedKey }))
    const destinations = yield* DestinationStore
    for (const [index, place] of organisation.places.entries()) {
      yield* destinations.save(
        Fixture.destination(place.id, {
          workspaceId,
          category: index === 0 ? "HRIS" : null,
          url: `https://${place.id}.example/hook`,
          events: null,
          aliases: {},
          ack: place.ack,
          ordering: place.ordering,
          coalesce: place.coalesce,
          apiKeyId,
          secret: newSecret(desk, sealer, place.id),
          headers: null,
          createdAt: at,
          updatedAt: at
        })
      )
    }
    const integrations = yield* Integrations
    const { id } = yield* integrations.import(principal, { appId, originOrgId: `org ${organisation.index}` })
    organisation.integrationId = id
    yield* Effect.flatMap(Syncs, (syncs) =>
      syncs.start(principal, apiKey, id, { dataType, frequency: { everySeconds: hours * 3600 } })
    )
  })

/** Puts everything back to work that an operator, or a fault, has stopped; no more deltas start. */
export const heal = ({ state }: Desk, organisation: Organisation): Effect.Effect<void, unknown, Services> =>
  Effect.gen(function* () {
    const { apiKey, integrationId, places: all, principal } = organisation
    const syncs = yield* Syncs
    const destinations = yield* Destinations
    yield* reconnect(state, organisation)
    for (const { id } of all) {
      if (state.destinations.get(id)?.state === "paused")
        yield* destinations.update(principal, { destinationId: id, state: "active" })
    }
    yield* syncs.resume(principal, integrationId, dataType)
    yield* syncs.update(principal, apiKey, integrationId, { dataType, frequency: { everySeconds: 90 * 86_400 } })
  })

const reconnect = (state: MemoryState, { appId, index, integrationId, principal }: Organisation) =>
  state.integrations.get(integrationId)?.state === "active"
    ? Effect.void
    : Effect.flatMap(Integrations, (integrations) =>
        integrations.import(principal, { appId, originOrgId: `org ${index}`, integrationId })
      )

/** Sends everything again that was lost. */
export const replayLost = ({ principal }: Organisation): Effect.Effect<void, unknown, Services> =>
  Effect.flatMap(Replays, (replays) => Effect.asVoid(replays.create(principal, { filter: { from: 1 } })))

/** Does one thing; a refusal is an answer like any other. */
export const act = (
  desk: Desk,
  organisation: Organisation,
  what: Act,
  which: number
): Effect.Effect<unknown, unknown, Services> =>
  Effect.gen(function* () {
    const { apiKey, app, integrationId, principal } = organisation
    const { ledger, state } = desk
    const syncs = yield* Syncs
    const destinations = yield* Destinations
    const place = organisation.places[which % organisation.places.length]!
    switch (what) {
      case "start":
      case "delta": {
        const syncType = what === "start" ? ("initial_sync" as const) : ("delta_sync" as const)
        return yield* syncs.start(principal, apiKey, integrationId, { dataType, syncType })
      }
      case "pauseSync":
        return yield* syncs.pause(principal, integrationId, dataType)
      case "resumeSync":
        return yield* syncs.resume(principal, integrationId, dataType)
      case "cancel":
        return yield* syncs.cancel(principal, integrationId, dataType)
      case "resync":
        return yield* syncs.resync(principal, integrationId, dataType, app.ids[which % app.ids.length] ?? "p0")
      case "release":
      case "discard": {
        const held = [...state.runs.values()].findLast(
          ({ run }) => run.heldDeletions > 0 && run.integrationId === integrationId
        )
        if (held === undefined) return
        return yield* what === "release"
          ? syncs.releaseDeletions(principal, held.run.id)
          : syncs.discardDeletions(principal, held.run.id)
      }
      case "pauseDestination":
      case "resumeDestination":
        return yield* destinations.update(principal, {
          destinationId: place.id,
          state: what === "pauseDestination" ? "paused" : "active"
        })
      case "moveUrl":
        return yield* destinations.update(principal, {
          destinationId: place.id,
          url: `https://${place.id}.example/hook-${place.urls.length}`
        })
      case "removeDestination": {
        const other = organisation.places[1]
        if (other === undefined) return
        const url = other.urls.at(-1)!.url
        yield* syncs.update(principal, apiKey, integrationId, { dataType, destination: url })
        return yield* destinations.remove(principal, organisation.places[0]!.id)
      }
      case "rotateSecret":
        return yield* destinations.rotateSecret(principal, {
          destinationId: place.id,
          ...(which % 4 === 0 ? { expireNow: true } : { overlapSeconds: [0, 3600, 604_800][which % 3]! })
        })
      case "retry": {
        const open = [...ledger.events.values()].filter(
          ({ event, settled }) =>
            (settled === null || settled === "expired") && event.workspaceId === principal.workspaceId
        )
        if (open.length === 0) return
        const events = yield* Events
        return yield* events.retry(principal, open[which % open.length]!.event.id)
      }
      case "replay": {
        const own = [...ledger.events.values()].filter(({ event }) => event.workspaceId === principal.workspaceId)
        const { event } = own[(which * 7) % own.length]!
        const replays = yield* Replays
        const filter = [
          { eventIds: [event.id] },
          { runId: event.runId ?? "sr_none" },
          { destinationId: event.destinationId, states: ["acknowledged", "expired"] as const }
        ][which % 3]!
        return yield* replays.create(principal, { filter, ...(which % 2 === 0 ? {} : { ratePerSecond: 5 }) })
      }
      case "reconnect":
        return yield* reconnect(state, organisation)
      case "foreign":
        return yield* trespass(desk, organisation, which)
    }
  })

/** Asks for what belongs to the other tenant: everything must be refused. */
const trespass = Effect.fnUntraced(function* (desk: Desk, organisation: Organisation, which: number) {
  const { ledger, organisations, state } = desk
  const { apiKey, principal } = organisation
  const other = organisations[1 - organisation.index]!
  const foreign = [...ledger.events.values()].filter(({ event }) => event.workspaceId === other.principal.workspaceId)
  const eventId = foreign[which % Math.max(1, foreign.length)]?.event.id ?? "ev_none"
  const runId =
    [...state.runs.values()].find(({ run }) => run.integrationId === other.integrationId)?.run.id ?? "sr_none"
  const events = yield* Events
  const syncs = yield* Syncs
  const destinations = yield* Destinations
  const integrations = yield* Integrations
  const destinationId = other.places[0]!.id
  const attempts: ReadonlyArray<readonly [string, Effect.Effect<unknown, unknown>]> = [
    [eventId, events.get(principal, eventId)],
    [eventId, events.retry(principal, eventId)],
    [runId, syncs.run(principal, runId)],
    [destinationId, destinations.update(principal, { destinationId, state: "paused" })],
    [other.integrationId, integrations.get(principal, other.integrationId)],
    [other.integrationId, syncs.start(principal, apiKey, other.integrationId, { dataType })]
  ]
  for (const [id, attempt] of attempts) {
    const answer = yield* Effect.result(attempt)
    if (answer._tag === "Success") ledger.violate("I7 isolation", `${principal.workspaceId} could reach ${id}`, id)
  }
})
