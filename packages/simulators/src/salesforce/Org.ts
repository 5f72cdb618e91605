import { InvalidInput } from "../server/InvalidInput.ts"
import { idOf, numberOf } from "./Id.ts"
import { type FieldDefinition, shareOf } from "./FieldMaking.ts"
import type { ObjectDefinition } from "./ObjectMaking.ts"
import { objects } from "./Objects.ts"
import { stampOf, type Value } from "./Values.ts"

/** Fields to be set on a record, by their names in the API. */
export type Fields = { readonly [field: string]: Value }

interface Version {
  readonly at: number
  readonly fields: Fields
}

interface Deletion {
  readonly at: number
  /** Gone from the recycle bin too. */
  purged: boolean
}

const fieldsOf = ({ fields }: ObjectDefinition): ReadonlyMap<string, FieldDefinition> =>
  new Map(fields.map((field) => [field.name.toLowerCase(), field]))

/** One object and its records: generated ones, and what was done to them. */
export class Table {
  definition: ObjectDefinition
  fields: ReadonlyMap<string, FieldDefinition>
  readonly index: number
  /** Records 0 to `generated - 1` are made from the seed, those up to `size - 1` were added. */
  readonly generated: number
  size: number
  /** What was set, oldest first; a field's generated value shows through where nothing was. */
  readonly versions = new Map<number, Array<Version>>()
  readonly deleted = new Map<number, Deletion>()
  readonly hidden = new Set<string>()
  /** The user may not see the object at all, or the org does not have it. */
  withdrawn = false
  /** When its description last changed. */
  describedAt: number
  /** Whether `/deleted` and `/updated` know it. */
  replicateable: boolean

  constructor(definition: ObjectDefinition, index: number, generated: number, describedAt: number) {
    this.definition = definition
    this.fields = fieldsOf(definition)
    this.describedAt = describedAt
    this.index = index
    this.generated = generated
    this.size = generated
    this.replicateable = definition.replicateable
  }

  /** Gives the object another definition: labels, fields. */
  define(definition: ObjectDefinition, at: number): void {
    this.definition = definition
    this.fields = fieldsOf(definition)
    this.describedAt = at
  }
}

/** So many generated records share one stamp, as after an import. */
const perStamp = 200

/** An org of which only changes are kept: a million records cost nothing until they are read. */
export class Org {
  readonly tables: Map<string, Table>
  readonly seed: number
  readonly now: () => number
  readonly until: number
  /** So long a change is not seen by queries, although it carries the time at which it was made. */
  delayMillis: number
  /** When objects, fields, labels or permissions last changed. */
  metadataAt: number

  constructor(options: {
    readonly seed: number
    readonly now: () => number
    readonly until: number
    readonly delayMillis: number
    readonly counts: { readonly [object: string]: number }
  }) {
    this.seed = options.seed
    this.now = options.now
    this.until = Math.floor(options.until / 1000) * 1000
    this.delayMillis = options.delayMillis
    this.tables = new Map(
      objects.map((definition, index) => [
        definition.name.toLowerCase(),
        new Table(definition, index, options.counts[definition.name] ?? 0, this.until)
      ])
    )
    this.metadataAt = this.until
  }

  /** The table of an object; names do not tell cases apart. */
  table(object: string): Table | undefined {
    return this.tables.get(object.toLowerCase())
  }

  /** The table of an object that the user may see. */
  visible(object: string): Table | undefined {
    const table = this.table(object)
    return table?.withdrawn === true ? undefined : table
  }

  /** Notes that descriptions changed, now. */
  touchMetadata(): number {
    return (this.metadataAt = this.second())
  }

  /** The table and number of a record. */
  find(id: string): { readonly table: Table; readonly n: number } | undefined {
    for (const table of this.tables.values()) {
      const n = numberOf(table.definition.prefix, id)
      if (n !== undefined) return n < table.size ? { table, n } : undefined
    }
    return undefined
  }

  id(table: Table, n: number): string {
    return idOf(table.definition.prefix, n)
  }

  /** When a generated record was made; grows with its number. */
  generatedAt(table: Table, n: number): number {
    return this.until - (Math.ceil(table.generated / perStamp) - Math.floor(n / perStamp)) * 1000
  }

  /** The first generated record with a stamp of `millis` or later. */
  firstSince(table: Table, millis: number): number {
    const steps = Math.ceil(table.generated / perStamp) - Math.floor((this.until - millis) / 1000)
    return Math.max(0, Math.min(table.generated, steps * perStamp))
  }

  /** Whether queries see the record, and as deleted. */
  state(table: Table, n: number): "live" | "deleted" | "gone" {
    const seen = this.now() - this.delayMillis
    const deletion = table.deleted.get(n)
    if (deletion !== undefined && deletion.at <= seen) return deletion.purged ? "gone" : "deleted"
    if (n < table.generated) return "live"
    return (table.versions.get(n)?.[0]?.at ?? Infinity) <= seen ? "live" : "gone"
  }

  /** When the record last changed, as far as queries see it. */
  stamp(table: Table, n: number): number {
    const seen = this.now() - this.delayMillis
    const deletion = table.deleted.get(n)
    if (deletion !== undefined && deletion.at <= seen) return deletion.at
    const last = table.versions.get(n)?.findLast(({ at }) => at <= seen)
    return last?.at ?? this.generatedAt(table, n)
  }

  /** A field's value; undefined for a field that there is not, or that the user may not see. `Owner.Name` follows. */
  value(table: Table, n: number, path: string): Value | undefined {
    const dot = path.indexOf(".")
    if (dot > 0) {
      const via = this.relationship(table, path.slice(0, dot))
      const id = via === undefined ? undefined : this.value(table, n, via.name)
      if (id === undefined) return undefined
      const target = typeof id === "string" ? this.find(id) : undefined
      return target === undefined ? null : this.value(target.table, target.n, path.slice(dot + 1))
    }
    const field = this.field(table, path)
    if (field === undefined) return undefined
    if (field.name === "Id") return this.id(table, n)
    if (field.name === "IsDeleted") return this.state(table, n) === "deleted"
    if (field.name === "SystemModstamp" || field.name === "LastModifiedDate") return stampOf(this.stamp(table, n))
    const seen = this.now() - this.delayMillis
    const set = table.versions.get(n)?.findLast(({ at, fields }) => at <= seen && Object.hasOwn(fields, field.name))
    if (set !== undefined) return set.fields[field.name] ?? null
    const at = n < table.generated ? this.generatedAt(table, n) : (table.versions.get(n)?.[0]?.at ?? this.until)
    const share = shareOf(this.seed, table.index, n)
    return field.make({ n, share, at, someId: (object, salt) => this.#someId(object, share(salt)) })
  }

  /** A field that the user may see. */
  field(table: Table, name: string): FieldDefinition | undefined {
    const field = table.fields.get(name.toLowerCase())
    return field === undefined || table.hidden.has(field.name) ? undefined : field
  }

  /** The reference field behind a relationship's name. */
  relationship(table: Table, name: string): FieldDefinition | undefined {
    const found = table.definition.fields.find(
      ({ reference }) => reference?.relationship.toLowerCase() === name.toLowerCase()
    )
    return found === undefined || table.hidden.has(found.name) ? undefined : found
  }

  /** Whether the path can be read at all. */
  readable(table: Table, path: string): boolean {
    const dot = path.indexOf(".")
    if (dot < 0) return this.field(table, path) !== undefined
    const targets = this.relationship(table, path.slice(0, dot))?.reference?.to ?? []
    return targets.some((object) => {
      const target = this.table(object)
      return target !== undefined && this.readable(target, path.slice(dot + 1))
    })
  }

  add(table: Table, fields: Fields): string {
    this.#check(table, fields)
    const n = table.size++
    table.versions.set(n, [{ at: this.second(), fields }])
    return this.id(table, n)
  }

  change(id: string, fields: Fields): void {
    const { n, table } = this.require(id)
    this.#check(table, fields)
    const versions = table.versions.get(n) ?? []
    versions.push({ at: this.second(), fields })
    table.versions.set(n, versions)
  }

  remove(id: string, purge: boolean): void {
    const { n, table } = this.require(id)
    const before = table.deleted.get(n)
    const purged = purge || table.definition.binless === true
    if (before === undefined) table.deleted.set(n, { at: this.second(), purged })
    else if (purge) before.purged = true
  }

  /** Takes the record out of the recycle bin: it changes by that. */
  restore(id: string): void {
    const { n, table } = this.require(id)
    const deletion = table.deleted.get(n)
    if (deletion === undefined || deletion.purged) throw new InvalidInput("id", "is not in the recycle bin")
    table.deleted.delete(n)
    this.change(id, {})
  }

  /** The table and number of a record, or an `InvalidInput`. */
  require(id: string): { readonly table: Table; readonly n: number } {
    const found = this.find(id)
    if (found === undefined) throw new InvalidInput("id", `there is no record ${id}`)
    return found
  }

  #someId(object: string, share: number): string | null {
    const table = this.table(object)
    return table === undefined || table.generated === 0 ? null : this.id(table, Math.floor(share * table.generated))
  }

  /** Now, to the second. */
  second(): number {
    return Math.floor(this.now() / 1000) * 1000
  }

  #check(table: Table, fields: Fields): void {
    for (const name of Object.keys(fields)) {
      if (!table.definition.fields.some((field) => field.name === name)) {
        throw new InvalidInput(`fields.${name}`, `is not a field of ${table.definition.name}`)
      }
    }
  }
}
