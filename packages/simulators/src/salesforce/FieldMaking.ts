import { chance, dateOf, pick, stampOf, type Value } from "./Values.ts"

/** What a generated value may depend on. */
export interface Making {
  readonly n: number
  /** A number from 0 to 1 of this record; another one for each salt. */
  readonly share: (salt: number) => number
  /** The id of a record of another object, some of it or none. */
  readonly someId: (object: string, salt: number) => string | null
  /** When the record was made and last changed, epoch milliseconds. */
  readonly at: number
}

/** A field of an object. */
export interface FieldDefinition {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly custom?: true
  readonly required?: true
  /** Nobody can write it. */
  readonly readOnly?: true
  /** What a list of choices offers. */
  readonly options?: ReadonlyArray<string>
  /** The object that a reference leads to, and the names of the relationship in queries, from here and from there. */
  readonly reference?: {
    readonly to: ReadonlyArray<string>
    readonly relationship: string
    readonly children?: string
  }
  readonly make: (making: Making) => Value
}

export const first = [
  "Ada",
  "Grace",
  "Linus",
  "Mary",
  "Edsger",
  "Barbara",
  "Alan",
  "Hedy",
  "Niklaus",
  "Radia",
  "Zoë",
  "José"
]
export const last = [
  "Weaver",
  "Loom",
  "Spinner",
  "Carder",
  "Dyer",
  "Fuller",
  "Tailor",
  "Webster",
  "Müller",
  "O'Brien",
  "Nåls"
]
export const cities = ["Leeds", "Lyon", "Łódź", "Oslo", "Porto", "Austin"]
export const countries = ["United Kingdom", "France", "Poland", "Norway", "Portugal", "United States"]
export const titles = ["CFO", "SVP, Procurement", "Buyer", 'Head of "Cloth"', "Director", "Analyst"]
export const industries = ["Apparel", "Energy", "Banking", "Retail", "Technology"]
export const sources = ["Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"]
export const ratings = ["Hot", "Warm", "Cold"]
export const day = 86_400_000

export const field = (
  name: string,
  type: string,
  make: FieldDefinition["make"],
  more: Partial<FieldDefinition> = {}
): FieldDefinition => ({
  name,
  label: more.label ?? name.replace(/__c$/, "").replace(/([a-z])([A-Z])/g, "$1 $2"),
  type,
  make,
  ...more
})

export const text = (name: string, items: ReadonlyArray<string>, salt: number, type = "string") =>
  field(
    name,
    type,
    ({ share }) => pick(items, share(salt)),
    type === "picklist" || type === "multipicklist" ? { options: items } : {}
  )
export const reference = (
  name: string,
  relationship: string,
  to: ReadonlyArray<string>,
  salt: number,
  always = false,
  children?: string
) =>
  field(
    name,
    "reference",
    ({ share, someId }) =>
      !always && share(salt + 500) < 0.2 ? null : someId(to[Math.floor(share(salt + 700) * to.length)]!, salt),
    { reference: { to, relationship, ...(children === undefined ? {} : { children }) } }
  )
export const none = (name: string, type: string) => field(name, type, () => null)
export const phone = (name: string, salt: number) =>
  field(name, "phone", ({ share }) => `+1 555 ${String(Math.floor(share(salt) * 10_000_000)).padStart(7, "0")}`)

export const system: ReadonlyArray<FieldDefinition> = [
  field("CreatedDate", "datetime", ({ at }) => stampOf(at), { required: true, readOnly: true }),
  field("LastModifiedDate", "datetime", ({ at }) => stampOf(at), { required: true, readOnly: true }),
  field("SystemModstamp", "datetime", ({ at }) => stampOf(at), { required: true, readOnly: true }),
  { ...reference("CreatedById", "CreatedBy", ["User"], 901, true), readOnly: true },
  { ...reference("LastModifiedById", "LastModifiedBy", ["User"], 902, true), readOnly: true }
]
export const deletable: ReadonlyArray<FieldDefinition> = [
  field("IsDeleted", "boolean", () => false, { required: true, readOnly: true })
]
export const owned: ReadonlyArray<FieldDefinition> = [reference("OwnerId", "Owner", ["User"], 903, true)]
export const active: ReadonlyArray<FieldDefinition> = [
  field("LastActivityDate", "date", ({ at, share }) => (share(904) < 0.5 ? null : dateOf(at)))
]
export const address = (of: string, salt: number): ReadonlyArray<FieldDefinition> => [
  field(
    `${of}Street`,
    "textarea",
    ({ share }) => `${1 + Math.floor(share(salt) * 99)} Loom Street\nFloor ${Math.floor(share(salt + 1) * 9)}`
  ),
  text(`${of}City`, cities, salt + 2),
  none(`${of}State`, "string"),
  field(`${of}PostalCode`, "string", ({ share }) => String(10_000 + Math.floor(share(salt + 3) * 80_000))),
  text(`${of}Country`, countries, salt + 2),
  // A compound field: REST gives an object, Bulk refuses to read it.
  none(`${of === "" ? "" : of}Address`, "address")
]
export const person: ReadonlyArray<FieldDefinition> = [
  text("Salutation", ["Ms.", "Mr.", "Dr."], 10, "picklist"),
  text("FirstName", first, 11),
  text("LastName", last, 12),
  field("Name", "string", ({ share }) => `${pick(first, share(11))} ${pick(last, share(12))}`),
  text("Title", titles, 13),
  field("Email", "email", ({ n, share }) => (share(14) < 0.1 ? null : `person${n}@example.com`)),
  phone("Phone", 15),
  phone("MobilePhone", 16),
  none("Description", "textarea")
]

/** A seeded source for one record. */
export const shareOf =
  (seed: number, object: number, n: number) =>
  (salt: number): number =>
    chance(seed, object, n, salt)
