import { InvalidInput, requireInteger, requireObject } from "../server/InvalidInput.ts"
import type { Books, Fields, Row } from "./Books.ts"
import type { QuickBooksRow } from "./Control.ts"
import { type Entity, entities, entityOf, hasActive } from "./Entities.ts"
import { completed } from "./Population.ts"

/** The books' part of the control interface. */
export class BooksControl {
  readonly #books: Books

  constructor(books: Books) {
    this.#books = books
  }

  entity(name: unknown): Entity {
    const entity = typeof name === "string" ? entityOf(name) : undefined
    if (entity === undefined) throw new InvalidInput("entity", `must be one of ${entities.join(", ")}`)
    return entity
  }

  row(entity: unknown, id: unknown): Row {
    const known = this.entity(entity)
    const row = this.#books.find(known, String(id))
    if (row === undefined) throw new InvalidInput("id", `no ${known} ${JSON.stringify(id) ?? "without id"}`)
    return row
  }

  shown(row: Row): QuickBooksRow {
    return {
      entity: row.entity,
      id: String(row.id),
      active: row.active,
      fields: row.fields,
      lastUpdated: new Date(row.updated).toISOString()
    }
  }

  add(name: unknown, given: unknown = {}, count: unknown = 1): ReadonlyArray<QuickBooksRow> {
    const entity = this.entity(name)
    const fields: Fields = requireObject("fields", given)
    const times = requireInteger("count", count, 1, 1_000_000)
    return Array.from({ length: times }, () => {
      const made =
        entity === "Customer" || entity === "Vendor" || entity === "Invoice" || entity === "Bill"
          ? completed(this.#books, entity, fields)
          : fields
      return this.shown(this.#books.add(entity, made))
    })
  }

  change(entity: unknown, id: unknown, given: unknown): QuickBooksRow {
    const row = this.row(entity, id)
    const fields = requireObject("fields", given)
    if (Object.keys(fields).length === 0) throw new InvalidInput("fields", "must name at least one field to change")
    this.#books.change(row, fields)
    return this.shown(row)
  }

  activate(entity: unknown, id: unknown, active: boolean): QuickBooksRow {
    const row = this.row(entity, id)
    if (!hasActive(row.entity)) throw new InvalidInput("entity", `${row.entity} has no Active; remove or void it`)
    row.active = active
    this.#books.touch(row)
    return this.shown(row)
  }

  void(entity: unknown, id: unknown): QuickBooksRow {
    const row = this.row(entity, id)
    if (hasActive(row.entity)) throw new InvalidInput("entity", `${row.entity} cannot be voided`)
    this.#books.change(row, { TotalAmt: 0, Balance: 0, PrivateNote: "Voided" })
    return this.shown(row)
  }

  remove(entity: unknown, id: unknown): { readonly id: string; readonly deleted: true } {
    const row = this.row(entity, id)
    this.#books.remove(row)
    return { id: String(row.id), deleted: true }
  }

  list(entity: unknown): ReadonlyArray<QuickBooksRow> {
    return [...this.#books.rows(this.entity(entity)).values()].map((row) => this.shown(row))
  }

  count(): Readonly<Record<string, number>> {
    return Object.fromEntries(entities.map((entity) => [entity, this.#books.rows(entity).size]))
  }
}
