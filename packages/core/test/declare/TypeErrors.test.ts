import { assert, it } from "vitest"
import { Declare } from "@crochet/core"
import { Employee } from "@crochet/models"
import { Effect, Schema } from "effect"

const Row = Schema.Struct({
  id: Schema.Finite,
  name: Schema.String,
  mail: Schema.NullOr(Schema.String),
  hours: Schema.Finite,
  changed: Schema.String,
  nested: Schema.Struct({ by: Schema.String }),
  open: Schema.StructWithRest(Schema.Struct({ code: Schema.NullOr(Schema.String) }), [
    Schema.Record(Schema.String, Schema.Json)
  ]),
  maybe: Schema.optionalKey(Schema.NullOr(Schema.Struct({ code: Schema.String })))
})
const common = { row: Row, id: "id", list: Declare.whole({ path: "/people" }) } as const

// Each wrong line must be an error of the compiler: `npm run types` fails when one of them is not.
const wrong: ReadonlyArray<() => unknown> = [
  // @ts-expect-error a field that the model does not have
  () => Declare.resource(Employee, { ...common, map: { profile: { firstNam: "name" } } }),
  // @ts-expect-error a field that only functions have
  () => Declare.resource(Employee, { ...common, map: { profile: { length: "name" } } }),
  // @ts-expect-error a model that the data type does not have
  () => Declare.resource(Employee, { ...common, map: { profil: { firstName: "name" } } }),
  // @ts-expect-error a key that the row does not have
  () => Declare.resource(Employee, { ...common, map: { profile: { firstName: "given" } } }),
  // @ts-expect-error a key whose value does not fit the field
  () => Declare.resource(Employee, { ...common, map: { profile: { firstName: "hours" } } }),
  // @ts-expect-error a key that the inner object does not have
  () => Declare.resource(Employee, { ...common, map: { profile: { firstName: "nested.of" } } }),
  // @ts-expect-error a key that nobody declared
  () => Declare.resource(Employee, { ...common, map: { profile: { firstName: "open.other" } } }),
  // @ts-expect-error text where the field is a number
  () => Declare.resource(Employee, { ...common, map: { profile: { weeklyHours: "name" } } }),
  // @ts-expect-error free text where the field is a closed set
  () => Declare.resource(Employee, { ...common, map: { profile: { employmentStatus: "name" } } }),
  // @ts-expect-error a word that is not in the closed set
  () => Declare.resource(Employee, { ...common, map: { profile: { employmentStatus: () => "WORKING" } } }),
  // @ts-expect-error a function of a key that the row does not have
  () => Declare.resource(Employee, { ...common, map: { profile: { firstName: (row) => row.given } } }),
  // @ts-expect-error a model as a whole, with a field that it does not have
  () => Declare.resource(Employee, { ...common, map: { profile: (row) => ({ firstNam: row.name }) } }),
  // @ts-expect-error a record as a whole, with a field that its model does not have
  () => Declare.resource(Employee, { ...common, map: (row) => ({ profile: { firstNam: row.name } }), support: {} }),
  // @ts-expect-error a list has no fields
  () => Declare.resource(Employee, { ...common, map: { dependents: { id: "name" } } }),
  // @ts-expect-error an id that the row does not have
  () => Declare.resource(Employee, { ...common, id: "key", map: {} }),
  // @ts-expect-error a stamp that the row does not have
  () => Declare.resource(Employee, { ...common, changes: { field: "updated", param: "since" }, map: {} }),
  // @ts-expect-error a flag by a key that the row does not have
  () => Declare.resource(Employee, { ...common, deletions: { flag: ({ gone }) => gone }, map: {} }),
  // @ts-expect-error support for a model that the data type does not have
  () => Declare.resource(Employee, { ...common, support: { profil: "SUPPORTED" }, map: {} }),
  // @ts-expect-error a reason that does not exist
  () => Declare.connector({ http: { baseUrl: "", errors: { 402: "Broke" } } }),
  // @ts-expect-error a cursor without a place for it
  () => Declare.cursor({ path: "/people", next: "next" }),
  // @ts-expect-error a next URL that does not say what hides in it
  () => Declare.nextUrl({ path: "/people", next: "next" })
]

it("everything that fits compiles", () => {
  const resource = Declare.resource(Employee, {
    ...common,
    changes: { field: "nested.by", param: "since", granularity: "day" },
    get: (_context, _id) => Effect.succeedNone,
    map: {
      profile: {
        id: ({ id }) => String(id),
        firstName: "name",
        lastName: "nested.by",
        username: "open.code",
        middleName: "maybe.code",
        workEmail: "mail",
        weeklyHours: "hours",
        employmentStatus: ({ mail }) => (mail === null ? "INACTIVE" : "ACTIVE")
      },
      orgStructure: ({ mail }) => ({ manager: { workEmail: mail } }),
      customFields: ({ hours }) => ({ hours })
    }
  })
  const row = {
    id: 1,
    name: "N",
    mail: null,
    hours: 8,
    changed: "",
    nested: { by: "2026-01-01" },
    open: { code: null }
  }
  assert.deepStrictEqual(resource.toRecord(row), {
    profile: {
      id: "1",
      firstName: "N",
      lastName: "2026-01-01",
      username: null,
      middleName: undefined,
      workEmail: null,
      weeklyHours: 8,
      employmentStatus: "INACTIVE"
    },
    orgStructure: { manager: { workEmail: null } },
    customFields: { hours: 8 }
  })
  assert.lengthOf(wrong, 21)
})
