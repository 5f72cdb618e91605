import { assert, describe, it } from "vitest"
import { diffPage, identify, resend } from "../../src/diff/PageDiff.ts"
import type { Normaliser } from "../../src/diff/Normaliser.ts"
import { SeenBitmap } from "../../src/diff/SeenBitmap.ts"
import type { SnapshotRow } from "../../src/store/SyncStore.ts"
import { normaliser, resource, stored, type Row } from "./Rows.ts"

/** A snapshot that takes pages in, as a run commits them. */
const snapshot = (
  options: { readonly initial?: boolean; readonly normaliser?: Normaliser; readonly sequenceFloor?: number } = {}
) => {
  let rows = new Map<string, SnapshotRow>()
  let ordinal = 0
  const identifiers = new Map<string, { readonly recordId: string }>()
  let seen = new SeenBitmap()
  const by = options.normaliser ?? normaliser()
  const page = (
    records: ReadonlyArray<unknown>,
    deleted: ReadonlyArray<string> = [],
    initial = options.initial ?? false
  ) => {
    const { incoming, quarantined } = identify(records, by)
    const diff = diffPage({
      initial,
      incoming,
      previous: rows,
      deleted: new Map([...rows].filter(([key]) => deleted.map(by.key).includes(key))),
      seen,
      normaliser: by,
      nextOrdinal: ordinal,
      sequenceFloor: options.sequenceFloor ?? 0,
      now: 0,
      quarantined,
      identifiersOf: (row) => identifiers.get(row.key)!
    })
    ordinal = diff.nextOrdinal
    for (const row of diff.rows) if (!(row.identifiers instanceof Uint8Array)) identifiers.set(row.key, row.identifiers)
    rows = new Map([...rows, ...stored(diff.rows)])
    return { ...diff, kinds: diff.changes.map(({ kind, recordId, sequence }) => `${kind} ${recordId} ${sequence}`) }
  }
  const rerun = () => void (seen = new SeenBitmap())
  return { page, rerun, by, row: (id: string) => rows.get(by.key(id)), seen: () => seen }
}

const a: Row = { id: "a", name: "A", mail: "a@example.test", amount: 1 }
const b: Row = { id: "b", name: "B", mail: "b@example.test", amount: 2 }

describe("a page", () => {
  it("gives new records their own ordinals, and models' counts for changes", () => {
    const world = snapshot()
    assert.deepStrictEqual(world.page([a, b]).kinds, ["new a 1", "new b 1"])
    assert.deepStrictEqual([world.row("a")?.ordinal, world.row("b")?.ordinal], [0, 1])
    world.rerun()
    const diff = world.page([{ ...a, amount: 5 }, b])
    assert.deepStrictEqual(diff.kinds, ["modified a 2"])
    assert.deepInclude(diff.counts, { modified: 1, unchanged: 1, processed: 2 })
    assert.deepStrictEqual(diff.counts.models, { pay: 1 })
  })

  it("takes the newer of two rows with one id, the later when the app does not say", () => {
    assert.include(
      snapshot().page([
        { ...a, name: "new", at: 2 },
        { ...a, name: "old", at: 1 }
      ]).changes[0]?.text,
      '"new"'
    )
    assert.include(
      snapshot().page([
        { ...a, name: "old", at: 1 },
        { ...a, name: "new", at: 2 }
      ]).changes[0]?.text,
      '"new"'
    )
    assert.include(
      snapshot().page([
        { ...a, name: "first" },
        { ...a, name: "second" }
      ]).changes[0]?.text,
      '"second"'
    )
  })

  it("keeps a row that cannot be mapped as seen, and says why without a value", () => {
    const world = snapshot()
    world.page([a, b])
    world.rerun()
    const diff = world.page([
      { ...a, name: 9 },
      { ...b, name: { secret: "canary" } }
    ])
    assert.deepStrictEqual(diff.kinds, [])
    assert.isFalse(diff.tainted)
    assert.strictEqual(diff.counts.quarantined, 2)
    assert.deepStrictEqual([...diff.quarantined], [["profile does not fit its model (at name)", 2]])
    assert.isTrue(world.seen().has(0) && world.seen().has(1))
    world.rerun()
    assert.deepStrictEqual(
      world.page([a, { ...b, name: "C" }]).kinds,
      ["modified b 2"],
      "what was quarantined is compared later"
    )
  })

  it("taints the listing for rows without an id", () => {
    for (const id of ["", null, undefined, 7, {}]) assert.isTrue(snapshot().page([a, { ...b, id }]).tainted, String(id))
    assert.isTrue(
      snapshot({
        normaliser: normaliser({
          resource: resource({
            recordId: () => {
              throw new Error("no")
            }
          })
        })
      }).page([a]).tainted
    )
  })

  it("obeys deletions of known records once, and not of those that the page shows", () => {
    const world = snapshot()
    world.page([a, b])
    world.rerun()
    assert.deepStrictEqual(world.page([a], ["a", "b", "b", "unknown"]).kinds, ["deleted b 2"])
    assert.deepStrictEqual(world.page([], ["b"]).kinds, [], "deleted already")
    assert.deepStrictEqual(world.page([b]).kinds, ["new b 3"], "what reappears is new, though its row is the same")
  })

  it("counts and says nothing on a second sight in the same run", () => {
    for (const initial of [true, false]) {
      const world = snapshot({ initial })
      world.page([a, { ...b, status: "INACTIVE" }])
      const again = world.page([a, { ...b, status: "INACTIVE" }])
      assert.deepStrictEqual(again.kinds, [])
      assert.deepInclude(again.counts, { processed: 0, unchanged: 0, skipped: 0, new: 0 })
    }
  })
})

describe("an initial run", () => {
  it("sends what is known again, and only marks what is unwanted now", () => {
    const world = snapshot({ initial: true })
    world.page([a, b])
    world.rerun()
    assert.deepStrictEqual(world.page([a, { ...b, status: "INACTIVE" }]).kinds, ["new a 2"])
    assert.deepInclude(world.row("b"), { state: "missing", reason: "inactive", sequence: 1 })
    assert.deepStrictEqual(
      world.page([{ ...b, status: "INACTIVE" }]).kinds,
      [],
      "read again after an expired page token"
    )
    assert.deepStrictEqual(world.page([b]).kinds, ["new b 2"], "active again before the run ended")
  })

  it("says nothing when who was only marked is active again, and as before", () => {
    const world = snapshot({ initial: true })
    world.page([a])
    world.rerun()
    world.page([{ ...a, status: "INACTIVE" }])
    world.rerun()
    assert.deepStrictEqual(world.page([a], [], false).kinds, [])
    assert.deepInclude(world.row("a"), { state: "live", sequence: 1 })
  })

  it("leaves the deletion of an inactive record due, even when an operator discards it", () => {
    const world = snapshot({ initial: true })
    world.page([a])
    world.rerun()
    world.page([{ ...a, status: "INACTIVE" }])
    const row = world.row("a")!
    // `discardDeletions` turns missing rows into live ones.
    Object.assign(row, { state: "live", reason: null })
    world.rerun()
    assert.deepStrictEqual(world.page([{ ...a, status: "INACTIVE" }], [], false).kinds, ["deleted a 2"])
  })
})

describe("after a backup was restored", () => {
  it("the next event of every record is above what was given out before", () => {
    const world = snapshot({ sequenceFloor: 1000 })
    assert.deepStrictEqual(world.page([a, b]).kinds, ["new a 1001", "new b 1001"])
    world.rerun()
    assert.deepStrictEqual(world.page([a, { ...b, name: "C" }], []).kinds, ["modified b 1002"])
    assert.strictEqual(world.row("a")?.sequence, 1001)
    world.rerun()
    assert.deepStrictEqual(world.page([a], ["b"]).kinds, ["deleted b 1003"])
  })
})

describe("identify", () => {
  it("counts rows that gave way to another", () => {
    const { duplicates, incoming } = identify([a, b, a, { ...a, name: "C" }], normaliser())
    assert.strictEqual(duplicates, 2)
    assert.strictEqual(incoming.size, 2)
  })
})

describe("resend", () => {
  it("is a change whatever the snapshot says", () => {
    const world = snapshot()
    world.page([a])
    const incoming = identify([a], world.by).incoming.get(world.by.key("a"))!
    const normalised = world.by.normalise(incoming, 0)
    if (normalised._tag === "Failure") throw new Error(normalised.failure)
    const known = resend(incoming, normalised.success, world.row("a"), world.by, { nextOrdinal: 7, sequenceFloor: 0 })
    assert.deepInclude(known.change, { kind: "modified", sequence: 2 })
    assert.strictEqual(known.row.ordinal, 0)
    const unknown = resend(incoming, normalised.success, undefined, world.by, { nextOrdinal: 7, sequenceFloor: 0 })
    assert.deepInclude(unknown.change, { kind: "new", sequence: 1 })
    assert.strictEqual(unknown.row.ordinal, 7)
    const above = resend(incoming, normalised.success, world.row("a"), world.by, { nextOrdinal: 7, sequenceFloor: 50 })
    assert.strictEqual(above.change.sequence, 51)
  })
})
