import { assert, describe, it } from "@effect/vitest"
import { type AuthScheme, type ConnectorError, type DataType, FormField, Sensitivity } from "@crochet/core"
import { playground } from "@crochet/connector-playground"
import { Employee } from "@crochet/models"
import { Effect, Option, Schema } from "effect"
import { account, collect } from "./account.ts"

const employees = playground.resources[0]!
const changes = employees.changes!
const get = employees.get!
const models: ReadonlyArray<readonly [string, DataType.Model]> = Object.entries(Employee.models)

const hour = 3_600_000
const noon = Date.parse("2026-05-01T12:00:00.000Z")

const list = (settings: AuthScheme.Values, at: number, models: ReadonlyArray<string> = []) =>
  collect(employees.list(account(settings, at, models).context))
const cursorAt = (settings: AuthScheme.Values, at: number) => changes.start(account(settings, at).context)
const delta = Effect.fnUntraced(function* (settings: AuthScheme.Values, from: number, to: number) {
  return yield* collect(changes.fetch(account(settings, to).context, yield* cursorAt(settings, from)))
})

/** What a receiver of a listing has after a delta. */
const applied = (
  before: ReadonlyMap<string, unknown>,
  { deleted, rows }: { deleted: ReadonlyArray<string>; rows: ReadonlyMap<string, unknown> }
) => {
  const after = new Map([...before, ...rows])
  for (const id of deleted) after.delete(id)
  return sorted(after)
}
const sorted = (rows: ReadonlyMap<string, unknown>) => [...rows].sort(([a], [b]) => Number(a) - Number(b))

describe("list", () => {
  it.effect("is the same for the same seed and instant, and different for another", () =>
    Effect.gen(function* () {
      const text = (settings: AuthScheme.Values, at: number) =>
        Effect.map(list(settings, at), ({ rows }) => JSON.stringify([...rows]))
      const first = yield* text({ seed: "a" }, noon)
      assert.strictEqual(yield* text({ seed: "a" }, noon), first)
      assert.notStrictEqual(yield* text({ seed: "b" }, noon), first)
      assert.notStrictEqual(yield* text({ seed: "a" }, noon + 12 * hour), first)
      const still = { seed: "a", changesPerHour: "0" }
      assert.strictEqual(yield* text(still, noon + 1000 * hour), yield* text(still, noon))
    })
  )

  it.effect("has exactly as many people as asked for, with unique ids and e-mails, at any time", () =>
    Effect.gen(function* () {
      for (const employees of ["1", "2", "9", "500", "501", "1234"]) {
        for (const at of [0, noon, noon + hour, noon + 5000 * hour]) {
          const { rows } = yield* list({ employees }, at)
          assert.strictEqual(rows.size, Number(employees), `${employees} employees at ${at}`)
          const emails = new Set(Array.from(rows.values(), (row) => recordOf(row).profile.workEmail))
          assert.strictEqual(emails.size, rows.size)
        }
      }
    })
  )

  it.effect("pages by 500 and goes on from each checkpoint, even when time has passed", () =>
    Effect.gen(function* () {
      const settings = { employees: "2100", changesPerHour: "3600" }
      const { end, pages } = yield* list(settings, noon)
      assert.deepStrictEqual(
        pages.map(({ records }) => records.length),
        [500, 500, 500, 500, 100]
      )
      assert.strictEqual(end.paging, "keyset")
      for (const [index, { checkpoint }] of pages.entries()) {
        const { context } = account(settings, noon + hour)
        const rest = yield* collect(employees.list({ ...context, checkpoint: JSON.parse(JSON.stringify(checkpoint)) }))
        assert.deepStrictEqual(rest.pages, pages.slice(index + 1), `after page ${index + 1}`)
      }
    })
  )

  it.effect("managers exist, and nobody manages themselves", () =>
    Effect.gen(function* () {
      const { rows } = yield* list({ employees: "300" }, noon)
      for (const [id, row] of rows) {
        const { manager } = recordOf(row).orgStructure
        if (manager === null) assert.strictEqual(id, "0", "only the first has no manager")
        else {
          const boss = rows.get(String(manager.id))
          assert.isDefined(boss, `manager of ${id}`)
          assert.strictEqual(recordOf(boss).profile.workEmail, manager.workEmail)
          assert.strictEqual(recordOf(boss).profile.isManager, "TRUE")
          assert.notStrictEqual(manager.id, id)
        }
      }
    })
  )
})

describe("changes", () => {
  it.effect.prop(
    "a delta is the difference of two listings",
    {
      employees: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 })),
      changesPerHour: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3600 })),
      seed: Schema.Literals(["a", "b", "c"]),
      from: Schema.Int.check(Schema.isBetween({ minimum: noon - 24 * hour, maximum: noon })),
      minutes: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 300 }))
    },
    ({ from, minutes, seed, ...numbers }) =>
      Effect.gen(function* () {
        const settings = { seed, employees: String(numbers.employees), changesPerHour: String(numbers.changesPerHour) }
        const to = from + minutes * 60_000
        const [before, after] = [yield* list(settings, from), yield* list(settings, to)]
        const between = yield* delta(settings, from, to)
        assert.deepStrictEqual(applied(before.rows, between), sorted(after.rows))
        for (const id of between.deleted) assert.isTrue(before.rows.has(id) && !after.rows.has(id), `deleted ${id}`)
        for (const [id, row] of between.rows) {
          assert.notDeepEqual(before.rows.get(id), row, `${id} is reported though nothing changed`)
        }
        assert.strictEqual(between.end.cursor, yield* cursorAt(settings, to))
      }),
    { arbitrary: { runs: 200, seed: 1 } }
  )

  it.effect("two deltas in a row are as good as one, and an empty one is empty", () =>
    Effect.gen(function* () {
      const settings = { employees: "50", changesPerHour: "120" }
      const start = yield* list(settings, noon)
      const one = applied(start.rows, yield* delta(settings, noon, noon + 3 * hour))
      const halfway = new Map(applied(start.rows, yield* delta(settings, noon, noon + hour)))
      assert.deepStrictEqual(applied(halfway, yield* delta(settings, noon + hour, noon + 3 * hour)), one)
      for (const to of [noon, noon - hour]) {
        const nothing = yield* delta(settings, noon, to)
        assert.deepStrictEqual([nothing.pages, nothing.end.cursor], [[], yield* cursorAt(settings, noon)])
      }
    })
  )

  it.effect("an hour brings as many changes as asked for, of every kind", () =>
    Effect.gen(function* () {
      const settings = { employees: "1000", changesPerHour: "600" }
      const before = yield* list(settings, noon)
      const { deleted, rows } = yield* delta(settings, noon, noon + hour)
      assert.strictEqual(rows.size, 600)
      const hired = [...rows.keys()].filter((id) => !before.rows.has(id))
      const left = [...rows.values()].filter((row) => !Employee.isActive(employees.toRecord(row)))
      assert.isAbove(hired.length, 5, "hires")
      assert.isAbove(left.length, 5, "terminations")
      assert.strictEqual(deleted.length, hired.length)
      for (const path of ["designation", "department"] as const) {
        const changed = [...rows].filter(([id, row]) => {
          const earlier = before.rows.get(id)
          return earlier !== undefined && recordOf(earlier).orgStructure[path] !== recordOf(row).orgStructure[path]
        })
        assert.isAbove(changed.length, 5, path)
      }
      const raised = [...rows].filter(([id, row]) => {
        const earlier = before.rows.get(id)
        return earlier !== undefined && salaryOf(earlier) !== salaryOf(row)
      })
      assert.isAbove(raised.length, 50, "raises")
    })
  )

  it.effect("goes on from each checkpoint as if nothing had happened", () =>
    Effect.gen(function* () {
      for (const [from, to] of [
        [noon - hour, noon],
        [noon - 200 * hour, noon]
      ] as const) {
        const settings = { employees: "4000", changesPerHour: "1800" }
        const whole = yield* delta(settings, from, to)
        assert.isAbove(whole.pages.length, 3)
        for (const [index, { checkpoint }] of whole.pages.entries()) {
          const { context } = account(settings, to + hour)
          const rest = yield* collect(changes.fetch({ ...context, checkpoint }, yield* cursorAt(settings, from)))
          assert.deepStrictEqual(rest.pages, whole.pages.slice(index + 1))
          assert.strictEqual(rest.end.cursor, whole.end.cursor)
        }
      }
    })
  )

  it.effect("cursors and checkpoints of another company expire", () =>
    Effect.gen(function* () {
      const { context } = account({ employees: "10" }, noon)
      const cursor = yield* cursorAt({ employees: "20" }, noon)
      const { pages } = yield* list({ employees: "20" }, noon)
      for (const stream of [
        changes.fetch(context, cursor),
        changes.fetch(context, ""),
        employees.list({ ...context, checkpoint: pages[0]!.checkpoint }),
        employees.list({ ...context, checkpoint: { page: 3 } })
      ]) {
        const error = yield* Effect.flip(collect(stream))
        assert.strictEqual(error.reason._tag, "CursorExpired")
      }
    })
  )
})

describe("get", () => {
  it.effect("agrees with list, and knows who is gone", () =>
    Effect.gen(function* () {
      const settings = { employees: "40", changesPerHour: "60" }
      const models = ["employee_demographics"]
      const { rows } = yield* list(settings, noon, models)
      const { context } = account(settings, noon, models)
      for (const [id, row] of rows) assert.deepStrictEqual(yield* get(context, id), Option.some(row))
      const { deleted } = yield* delta(settings, noon - 24 * hour, noon)
      assert.isAbove(deleted.length, 3)
      for (const id of [...deleted, "", "-1", "01", "x", "999999999", "1e3"]) {
        assert.deepStrictEqual(yield* get(context, id), Option.none(), `id ${JSON.stringify(id)}`)
      }
    })
  )
})

describe("toRecord", () => {
  it.effect("fits every model, with a value in every field that is not declared unsupported", () =>
    Effect.gen(function* () {
      const { rows } = yield* list({ employees: "500" }, noon, ["employee_demographics"])
      const filled = new Map<string, Set<string>>()
      for (const row of rows.values()) {
        const record: { readonly [key: string]: unknown } = employees.toRecord(row)
        for (const [key, model] of models) {
          const value = record[key]
          if (value === null || value === undefined) continue
          const decoded = yield* decodeWith(model.schema)(value)
          const fields = filled.get(key) ?? filled.set(key, new Set()).get(key)!
          for (const part of Array.isArray(decoded) ? decoded : [decoded]) {
            for (const [field, inner] of Object.entries(part as object)) {
              if (inner !== null && inner !== "NOT_SPECIFIED") fields.add(field)
            }
          }
        }
      }
      const problems: Array<string> = []
      for (const [key, model] of models) {
        const declared = employees.support[key]
        const all = fieldsOf(model.schema)
        for (const field of all) {
          const supported = (declared?.fields?.[field] ?? declared?.support) === "SUPPORTED"
          if (supported !== (filled.get(key)?.has(field) ?? false)) problems.push(`${key}.${field}`)
        }
      }
      assert.deepStrictEqual(problems, [])
    })
  )

  it.effect("has ethnicity only for those who ask for it", () =>
    Effect.gen(function* () {
      const without = yield* list({}, noon)
      assert.notInclude(JSON.stringify([...without.rows]), "ethnicity")
      const { rows } = yield* list({}, noon, ["employee_demographics"])
      for (const row of rows.values()) assert.isNotNull(employees.toRecord(row)["demographics"])
    })
  )
})

describe("the account", () => {
  it.effect("connects with an empty form and says whose it is", () =>
    Effect.gen(function* () {
      const checked = FormField.check(playground.settings, {})
      assert.deepStrictEqual(checked, { values: { employees: "200", changesPerHour: "12", seed: "loom" } })
      const { name, subject } = yield* playground.validate(account({}, noon).client)
      assert.match(String(name), /200 people/)
      const other = yield* playground.validate(account({ seed: "other" }, noon).client)
      assert.notStrictEqual(other.subject, subject, "another seed is another company")
    })
  )

  it.effect("names the setting that is wrong", () =>
    Effect.gen(function* () {
      for (const [field, value] of [
        ["employees", "0"],
        ["employees", "many"],
        ["employees", "1000001"],
        ["changesPerHour", "3601"],
        ["changesPerHour", "-1"],
        ["seed", "two words"]
      ] as const) {
        const error = yield* Effect.flip(playground.validate(account({ [field]: value }, noon).client))
        assert.strictEqual(error.reason._tag, "InvalidRequest")
        assert.strictEqual((error.reason as ConnectorError.InvalidRequest).field, field)
        assert.deepInclude(FormField.check(playground.settings, { [field]: value }), {
          issues: [{ field, message: error.resolution }]
        })
      }
      for (const changesPerHour of ["0", "1", "99", "999", "1000", "2999", "3600"]) {
        yield* playground.validate(account({ changesPerHour }, noon).client)
      }
    })
  )
})

const recordOf = (row: unknown) => {
  const record: DataType.RecordValues = employees.toRecord(row)
  const { compensation, orgStructure, profile } = Employee.models
  return {
    profile: Schema.decodeUnknownSync(profile.schema)(record["profile"]),
    orgStructure: Schema.decodeUnknownSync(orgStructure.schema)(record["orgStructure"]),
    compensation: Schema.decodeUnknownSync(compensation.schema)(record["compensation"])
  }
}
const salaryOf = (row: unknown) => recordOf(row).compensation.fixed?.[0]?.amount
const fieldsOf = (schema: DataType.ModelSchema) =>
  new Set(
    Sensitivity.paths(schema)
      .map(({ path }) => path.replace(/^\[\]\.?/, "").split(/[.[]/)[0] ?? "")
      .filter((field) => field !== "*")
  )
const decodeWith = (schema: DataType.ModelSchema) => Schema.decodeUnknownEffect(schema)
