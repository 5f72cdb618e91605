import type { ReceivedEvent } from "@crochet/runtime-node"

/** What this product shows of a person. */
export interface Person {
  readonly name: string
  readonly email: string | null
  readonly department: string | null
}

type Model = { readonly [field: string]: unknown } | null | undefined

const text = (model: Model, field: string): string | null => {
  const value = model?.[field]
  return typeof value === "string" ? value : null
}

/**
 * The product's own data: who works at which customer. A real product has a database here.
 *
 * Events come at least once. Each carries the whole record and a sequence number, so taking one again changes nothing.
 */
export class StaffDirectory {
  readonly #people = new Map<string, Map<string, Person>>()
  readonly #taken = new Map<string, bigint>()

  take(event: ReceivedEvent): void {
    if (event.recordId === undefined || event.sequence === undefined) return
    const key = `${event.integrationId}/${event.recordId}`
    const sequence = BigInt(event.sequence)
    if (sequence <= (this.#taken.get(key) ?? 0n)) return
    this.#taken.set(key, sequence)

    const staff = this.#people.get(event.originOrgId) ?? new Map<string, Person>()
    this.#people.set(event.originOrgId, staff)
    if (event.eventType === "record.deleted") {
      staff.delete(key)
      return
    }
    const profile = event.eventData["profile"] as Model
    const position = event.eventData["orgStructure"] as Model
    staff.set(key, {
      name: [text(profile, "firstName"), text(profile, "lastName")].filter((part) => part !== null).join(" "),
      email: text(profile, "workEmail"),
      department: text(position, "department")
    })
  }

  of(customer: string): ReadonlyArray<Person> {
    return [...(this.#people.get(customer)?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name))
  }
}
