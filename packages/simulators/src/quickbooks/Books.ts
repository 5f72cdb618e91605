import type { Random } from "../server/Random.ts"
import { type Entity, entities, hasActive } from "./Entities.ts"
import { stamp } from "./Stamp.ts"

/** What an entity holds beside its id and stamps, in the API's own words. */
export type Fields = { readonly [field: string]: unknown }

/** A row of the books. */
export interface Row {
  readonly entity: Entity
  readonly id: number
  fields: Fields
  active: boolean
  readonly created: number
  updated: number
  syncToken: number
}

/** What remains of a deleted row. */
export interface Tombstone {
  readonly id: number
  readonly at: number
}

/** One company's books: what there is, what was deleted when, and the ids that are handed out, per entity. */
export class Books {
  readonly random: Random
  readonly now: () => number
  readonly #rows = new Map<Entity, Map<number, Row>>(entities.map((entity) => [entity, new Map()]))
  readonly #deleted = new Map<Entity, Map<number, Tombstone>>(entities.map((entity) => [entity, new Map()]))
  readonly #lastId = new Map<Entity, number>()

  constructor(random: Random, now: () => number) {
    this.random = random
    this.now = now
  }

  rows(entity: Entity): ReadonlyMap<number, Row> {
    return this.#rows.get(entity) ?? new Map()
  }

  deleted(entity: Entity): ReadonlyMap<number, Tombstone> {
    return this.#deleted.get(entity) ?? new Map()
  }

  find(entity: Entity, id: string): Row | undefined {
    return /^\d+$/.test(id) ? this.rows(entity).get(Number(id)) : undefined
  }

  add(entity: Entity, fields: Fields, at = this.now()): Row {
    const id = (this.#lastId.get(entity) ?? 0) + 1
    this.#lastId.set(entity, id)
    const row: Row = { entity, id, fields, active: true, created: at, updated: at, syncToken: 0 }
    this.#rows.get(entity)?.set(id, row)
    return row
  }

  change(row: Row, fields: Fields): void {
    row.fields = { ...row.fields, ...fields }
    this.touch(row)
  }

  touch(row: Row, at = this.now()): void {
    row.updated = at
    row.syncToken++
  }

  remove(row: Row): void {
    this.#rows.get(row.entity)?.delete(row.id)
    this.#deleted.get(row.entity)?.set(row.id, { id: row.id, at: this.now() })
  }

  /** The row as the API writes it. */
  wire(row: Row): Record<string, unknown> {
    return {
      ...row.fields,
      ...(hasActive(row.entity) ? { Active: row.active } : {}),
      domain: "QBO",
      sparse: false,
      Id: String(row.id),
      SyncToken: String(row.syncToken),
      MetaData: { CreateTime: stamp(row.created), LastUpdatedTime: stamp(row.updated) }
    }
  }
}
