import {
  AuditStore,
  AuthorizationStore,
  DestinationStore,
  IntegrationStore,
  KeyStore,
  OutboxStore,
  ReplayStore,
  RevocationStore,
  SyncStore
} from "@crochet/core"
import { SqlStore } from "@crochet/core/sql"
import { Fixtures as Fixture } from "@crochet/core/testing"
import { Effect, Layer, ManagedRuntime, Option, Redacted } from "effect"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import * as Server from "./Server.ts"

/** A row as the server gives it. */
export type Row = { readonly [column: string]: unknown }

/** The two workspaces. */
export const a = Fixture.workspace
export const b = Fixture.foreign

/** Stores on connections that begin as the client's do. */
export const storesAt = (url: string, maxConnections = 2) =>
  SqlStore.layerPostgres().pipe(Layer.provideMerge(PostgresClient.layer({ url: Redacted.make(url), maxConnections })))

/** Something in every table, of one workspace. */
const account = (workspaceId: string, name: string) =>
  Effect.gen(function* () {
    const keys = yield* KeyStore.KeyStore
    yield* keys.addWorkspace(workspaceId, 1)
    yield* keys.addApiKey(Fixture.apiKey(`key_${name}`, { workspaceId, hash: name }))
    yield* keys.addDataKey({
      id: `dk_${name}`,
      owner: "workspace",
      ownerId: workspaceId,
      workspaceId,
      masterKeyId: "mk",
      wrapped: new Uint8Array([1]),
      createdAt: 1
    })
    const key = { id: `sk_${name}`, workspaceId, publicKey: new Uint8Array([1]), sealedSeed: new Uint8Array([2]) }
    yield* keys.rotateSigningKey({
      key: { ...key, createdAt: 1, retiresAt: null },
      replaces: null,
      retiresAt: 0,
      endEarlier: false
    })
    yield* keys.putMeta(`of.${name}`, name)
    const integrations = yield* IntegrationStore.IntegrationStore
    const own = { workspaceId, integrationId: `int_${name}`, destinationId: `dst_${name}` }
    yield* integrations.save(Fixture.integration(own.integrationId, { workspaceId }), new Uint8Array([7]))
    const destinations = yield* DestinationStore.DestinationStore
    yield* destinations.save(Fixture.destination(own.destinationId, { workspaceId }))
    const sync = yield* SyncStore.SyncStore
    yield* sync.saveJob(Fixture.job(`job_${name}`, own))
    yield* sync.startRun(Fixture.run(`run_${name}`, { ...own, jobId: `job_${name}` }))
    const { lease } = Option.getOrThrow(yield* sync.claimRun({ owner: "me", leaseMillis: 600_000 }))
    const events = [1, 2].map((record) =>
      Fixture.event(`ev_${name}_${record}`, { ...own, record, jobId: `job_${name}`, runId: `run_${name}` })
    )
    yield* sync.commitPage(
      lease,
      Fixture.page({ rows: [Fixture.row(`${name}_1`, 0)], events, seen: [{ chunk: 0, bits: new Uint8Array([1]) }] })
    )
    const outbox = yield* OutboxStore.OutboxStore
    const [first] = yield* outbox.claim({
      destinationId: own.destinationId,
      owner: "me",
      limit: 1,
      leaseMillis: 60_000
    })
    yield* outbox.settle([Fixture.outcome(first!, { kind: "retry", at: 9e15 })], Fixture.close)
    const replays = yield* ReplayStore.ReplayStore
    yield* replays.create(Fixture.replay(`rp_${name}`, { workspaceId, filter: {}, fingerprint: name, createdAt: 1 }), 0)
    const again = Fixture.looseEvent(`ev_${name}_again`, {
      ...own,
      createdAt: 0,
      origin: { replayId: `rp_${name}`, eventId: `ev_${name}_1`, runId: null }
    })
    yield* outbox.enqueue([again])
    const claimed = yield* outbox.claim({
      destinationId: own.destinationId,
      owner: "me",
      limit: 9,
      leaseMillis: 60_000
    })
    const replayed = claimed.filter(({ id }) => id === again.id)
    yield* outbox.settle(
      replayed.map((event) => Fixture.outcome(event)),
      Fixture.close
    )
    yield* outbox.release(claimed)
    const authorizations = yield* AuthorizationStore.AuthorizationStore
    yield* authorizations.add(Fixture.authorization(`au_${name}`, { workspaceId, stateHash: name }))
    const revocations = yield* RevocationStore.RevocationStore
    yield* revocations.add(Fixture.revocation(`rv_${name}`, { workspaceId, integrationId: own.integrationId }))
    const audit = yield* AuditStore.AuditStore
    yield* audit.append(workspaceId, ({ hash, position }) => ({
      workspaceId,
      position: position + 1,
      at: 1,
      actor: "operator",
      action: "workspace.create",
      target: workspaceId,
      detail: {},
      previousHash: hash,
      hash: "h"
    }))
  })

/** A database of a plain role in which two workspaces have something in every table. */
export const start = async () => {
  const server = await Server.start({ fsync: "off" })
  const url = await server.createDatabase()
  const stores = ManagedRuntime.make(storesAt(url))
  await stores.runPromise(Effect.andThen(account(a, "a"), account(b, "b")))
  /** Runs a statement as somebody whom row-level security does not hold. */
  const asSuperuser = (text: string, params: ReadonlyArray<unknown> = []): Promise<ReadonlyArray<Row>> =>
    server.query(text, params, new URL(url).pathname.slice(1))
  const found = await asSuperuser(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
  )
  const superuser = new URL(server.url)
  superuser.pathname = new URL(url).pathname
  return {
    server,
    url,
    superuserUrl: superuser.href,
    stores,
    asSuperuser,
    tables: found.map((row) => String(row["relname"])),
    close: () => stores.dispose().then(server.remove)
  }
}
