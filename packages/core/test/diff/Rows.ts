import { Effect, Option, Schema, Stream } from "effect"
import type { Resource } from "@crochet/core"
import { Crypto, DataType, Field, PortableCrypto } from "@crochet/core"
import * as Normaliser from "../../src/diff/Normaliser.ts"
import type { SnapshotRow } from "../../src/store/SyncStore.ts"

/** A record with two models, one of which is the core. */
export const Thing = DataType.make({
  id: "employee",
  category: "HRIS",
  title: "Thing",
  models: {
    profile: DataType.model({
      id: "profile",
      title: "Profile",
      schema: Schema.Struct({
        id: Schema.String,
        name: Field.text(),
        mail: Field.text(),
        address: Schema.NullOr(Schema.Struct({ city: Field.text(), zip: Field.text() })),
        status: Field.enumeration(["ACTIVE", "INACTIVE"])
      })
    }),
    pay: DataType.model({ id: "pay", title: "Pay", schema: Schema.Struct({ amount: Schema.NullOr(Schema.Finite) }) })
  },
  core: ["profile"],
  isActive: (record) => (record["profile"] as { status?: string } | null)?.status !== "INACTIVE",
  identifiers: (recordId, record) => ({
    employeeId: recordId,
    mail: (record["profile"] as { mail?: string | null } | null)?.mail ?? null
  })
})

export type Row = { readonly [key: string]: unknown }

/** How the rows of this folder's tests are read. */
export const resource = (change: Partial<Resource.AnyResource> = {}): Resource.AnyResource => ({
  dataType: Thing,
  mapperVersion: 1,
  list: () => Stream.empty,
  get: () => Effect.succeed(Option.none()),
  recordId: (row) => (row as { id: string }).id,
  toRecord: (row) => {
    const { amount, at: _, ...profile } = row as Row
    return { profile: { status: "ACTIVE", address: null, ...profile }, pay: { amount: amount ?? null } } as never
  },
  updatedAt: (row) => (row as { at?: number }).at,
  support: {},
  ...change
})

/** A fingerprint function under a fixed key. */
export const fingerprint = Effect.runSync(
  Effect.map(Crypto.Crypto, (crypto) => crypto.fingerprinter(new Uint8Array(32).fill(1))).pipe(
    Effect.provide(PortableCrypto.layer)
  )
)

/** A normaliser for both models. */
export const normaliser = (change: Partial<Parameters<typeof Normaliser.make>[0]> = {}): Normaliser.Normaliser =>
  Normaliser.make({
    resource: resource(),
    models: ["profile", "pay"],
    exclude: [],
    watchFields: [],
    includeInactive: false,
    filter: null,
    filterText: "null",
    fingerprint,
    ...change
  })

/** Drafts as a store would keep them. */
export const stored = (rows: ReadonlyArray<object>): ReadonlyMap<string, SnapshotRow> =>
  new Map(rows.map((row) => [(row as SnapshotRow).key, row as SnapshotRow]))
