import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { collect, decoded, employee, profileOnly, withAccount } from "./Account.ts"
import type { EmployeeRow } from "../src/BambooHRWire.ts"

const byId = (rows: ReadonlyArray<EmployeeRow>) => new Map(rows.map((row) => [employee.recordId(row), decoded(row)]))

const decodedPicture = (row: EmployeeRow) =>
  (employee.toRecord(row) as { employeeProfilePicture: unknown }).employeeProfilePicture

describe("the listing", () => {
  it("is what the app holds, people who left included, and ends with a proof", () =>
    withAccount({ employees: 60 }, (account) =>
      Effect.gen(function* () {
        const { end, rows } = yield* collect(employee.list(account.context()))
        const held = account.sim.control.list({ limit: 1000 })
        assert.strictEqual(rows.length, held.length)
        const records = byId(rows)
        for (const person of held) {
          const record = records.get(person.id)
          assert.strictEqual(record?.profile.firstName, person.firstName)
          assert.strictEqual(record?.profile.workEmail, person.workEmail)
          assert.strictEqual(record?.profile.employmentStatus, person.status === "Active" ? "ACTIVE" : "INACTIVE")
          assert.strictEqual(record?.profile.startDate, `${person.hireDate}T00:00:00.000Z`)
          assert.strictEqual(
            record?.profile.terminationDate,
            person.terminationDate ? `${person.terminationDate}T00:00:00.000Z` : null
          )
          assert.strictEqual(record?.orgStructure.designation, person.jobTitle)
          assert.strictEqual(record?.orgStructure.department, person.department)
          assert.strictEqual(record?.orgStructure.manager?.id ?? null, person.managerId)
          const current = record?.compensation.fixed.find((pay) => pay.isCurrent === "TRUE")
          const [amount, currency] = (person.payRate ?? "").split(" ")
          assert.strictEqual(current?.amount, Number(amount))
          assert.strictEqual(current?.currency, currency)
          assert.strictEqual(record?.dependents.length, person.dependents)
          assert.strictEqual(record?.employments[0]?.jobTitle, person.jobTitle)
        }
        assert.strictEqual(end?.paging, "offset")
        assert.deepStrictEqual(
          account.issues.filter(({ code }) => code !== "bamboohr.table_unreadable"),
          []
        )
      })
    ))

  it("goes on from every checkpoint to the same people", () =>
    withAccount({ employees: 1200, seed: 3 }, (account) =>
      Effect.gen(function* () {
        const whole = yield* collect(employee.list(account.context({ models: profileOnly })))
        assert.strictEqual(whole.rows.length, 1200)
        assert.strictEqual(whole.pages.length, 3)
        for (const [index, page] of whole.pages.entries()) {
          if (page.checkpoint === null) continue
          const checkpoint: unknown = JSON.parse(JSON.stringify(page.checkpoint))
          const rest = yield* collect(employee.list(account.context({ models: profileOnly, checkpoint })))
          assert.deepStrictEqual(rest.rows, whole.rows.slice((index + 1) * 500))
          assert.isDefined(rest.end)
        }
        const again = yield* collect(
          employee.list(account.context({ models: profileOnly, checkpoint: { of: "an older version" } }))
        )
        assert.deepStrictEqual(again.rows, whole.rows)
      })
    ))

  it("asks only for what the models need, and never for numbers of the state unless they are subscribed to", () =>
    withAccount({ employees: 5 }, (account) =>
      Effect.gen(function* () {
        const { rows } = yield* collect(employee.list(account.context({ models: profileOnly })))
        assert.isFalse("ssn" in rows[0]!.employee)
        assert.isFalse("ethnicity" in rows[0]!.employee)
        assert.deepStrictEqual(rows[0]!.tables, {})
        assert.deepStrictEqual(
          account.sim.requests.filter(({ path }) => path.includes("/tables/") || path.includes("time_off")),
          []
        )
        const asked = yield* collect(
          employee.list(account.context({ models: ["employee_identification", "employee_demographics"] }))
        )
        assert.isTrue("ssn" in asked.rows[0]!.employee)
        assert.isTrue("ethnicity" in asked.rows[0]!.employee)
      })
    ))

  it("is complete when there is nobody", () =>
    withAccount({ employees: 0 }, (account) =>
      Effect.gen(function* () {
        const { end, rows } = yield* collect(employee.list(account.context()))
        assert.deepStrictEqual(rows, [])
        assert.isDefined(end)
      })
    ))

  it("gives the same rows twice, but for the signed addresses of pictures", () =>
    withAccount({ employees: 30 }, (account) =>
      Effect.gen(function* () {
        const read = Effect.map(collect(employee.list(account.context())), ({ rows }) => rows)
        const [first, second] = [yield* read, yield* read]
        const withPicture = first.findIndex((row) => decodedPicture(row) !== null)
        assert.notStrictEqual(first[withPicture]!.photo, second[withPicture]!.photo)
        const still = (rows: ReadonlyArray<EmployeeRow>) => rows.map(({ photo: _, ...row }) => row)
        assert.deepStrictEqual(still(second), still(first))
        assert.deepStrictEqual(employee.volatile?.raw, ["photo"])
      })
    ))

  it("gives the same rows whatever the order of the keys", () =>
    withAccount({ employees: 30 }, (account) =>
      Effect.gen(function* () {
        const first = yield* collect(employee.list(account.context()))
        account.sim.control.shuffleKeys(true)
        const second = yield* collect(employee.list(account.context()))
        assert.deepStrictEqual(second.rows.map(decoded), first.rows.map(decoded))
      })
    ))

  it("filters in the app", () =>
    withAccount({ employees: 80 }, (account) =>
      Effect.gen(function* () {
        const department = account.sim.control.list()[5]!.department!
        const { rows } = yield* collect(
          employee.list(account.context({ models: profileOnly, filters: { department } }))
        )
        const expected = account.sim.control.list({ limit: 1000 }).filter((person) => person.department === department)
        assert.deepStrictEqual(rows.map(employee.recordId).sort(), expected.map(({ id }) => id).sort())
        const person = expected.find(({ status }) => status === "Active")!
        account.sim.control.change(person.id, { department: "People's Ops" })
        const filters = { department: "People's Ops" }
        const quoted = yield* collect(employee.list(account.context({ models: profileOnly, filters })))
        assert.deepStrictEqual(quoted.rows.map(employee.recordId), [person.id])
      })
    ))
})

describe("what the connected user may not see", () => {
  const hiddenFields = ["supervisorEmail", "gender", "status"]
  it("is absent, and the listing goes on", () =>
    withAccount({ employees: 40, hiddenFields }, (account) =>
      Effect.gen(function* () {
        const { rows } = yield* collect(
          employee.list(account.context({ models: ["employee_profile", "employee_orgStructure"] }))
        )
        assert.strictEqual(rows.length, 40)
        const records = rows.map(decoded)
        assert.isTrue(records.every(({ profile }) => profile.gender === "NOT_SPECIFIED"))
        assert.isTrue(
          records.some(({ orgStructure }) => orgStructure.manager !== null && orgStructure.manager.workEmail === null)
        )
        const gone = account.sim.control.list({ status: "Inactive", limit: 100 }).map(({ id }) => id)
        assert.isNotEmpty(gone)
        for (const id of gone)
          assert.strictEqual(records.find(({ profile }) => profile.id === id)!.profile.employmentStatus, "INACTIVE")
        assert.include(
          account.issues.map(({ code }) => code),
          "bamboohr.status_hidden"
        )
      })
    ))
})

describe("custom fields", () => {
  it("are the account's own fields, by alias", () =>
    withAccount({ employees: 40 }, (account) =>
      Effect.gen(function* () {
        const { rows } = yield* collect(employee.list(account.context({ models: ["custom_fields"] })))
        const fields = rows.map((row) => decoded(row).customFields)
        assert.deepStrictEqual(Object.keys(fields[0]!), [
          "customNIN1",
          "customSecondaryLanguage1",
          "customShirtsize",
          "customTaxFileNumber1"
        ])
        assert.isTrue(fields.some(({ customShirtsize }) => customShirtsize === "M"))
      })
    ))

  it("are left out, and said to be, when the list of fields may not be read", () =>
    withAccount({ employees: 5 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "status", status: 403, match: { path: "/v1/meta/fields" }, times: Infinity })
        const { rows } = yield* collect(employee.list(account.context({ models: ["custom_fields"] })))
        assert.isNull(decoded(rows[0]!).customFields)
        assert.include(
          account.issues.map(({ model }) => model),
          "custom_fields"
        )
      })
    ))
})
