import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import {
  allModels,
  collect,
  connect,
  decoded,
  employee,
  failure,
  hurried,
  profileOnly,
  withAccount
} from "./Account.ts"
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

describe("fallbacks", () => {
  const denied = (account: { sim: { control: { fault: Function } } }, path: string, status: number) =>
    account.sim.control.fault({ kind: "status", status, match: { path }, times: Infinity })

  for (const status of [400, 403, 404, 405, 422, 501]) {
    it(`reads a report when the dataset is refused with ${status}, with the same records`, () =>
      withAccount({ employees: 50, emptyDate: "0000-00-00" }, (account) =>
        Effect.gen(function* () {
          const models = allModels
          const dataset = yield* collect(employee.list(account.context({ models })))
          denied(account, "/v2/datasets/", status)
          const report = yield* collect(employee.list(account.context({ models })))
          assert.strictEqual(report.rows[0]?.source, "report")
          assert.deepStrictEqual(report.rows.map(decoded), dataset.rows.map(decoded))
          assert.strictEqual(report.end?.paging, "whole")
          assert.strictEqual(account.issues.filter(({ code }) => code === "bamboohr.fallback").length, 1)
        })
      ))
  }

  it("reads the directory when the report is refused too, and says so", () =>
    withAccount({ employees: 50 }, (account) =>
      Effect.gen(function* () {
        denied(account, "/v2/datasets/", 403)
        denied(account, "/v1/reports/custom", 403)
        const { end, rows } = yield* collect(
          employee.list(account.context({ models: ["employee_profile", "employee_orgStructure"] }))
        )
        const active = account.sim.control.list({ status: "Active", limit: 1000 })
        assert.deepStrictEqual(rows.map(employee.recordId).sort(), active.map(({ id }) => id).sort())
        assert.strictEqual(decoded(rows[0]!).profile.employmentStatus, "ACTIVE")
        assert.strictEqual(end?.paging, "offset")
        assert.strictEqual(account.issues.filter(({ code }) => code === "bamboohr.fallback").length, 2)
      })
    ))

  it("does not filter by what the directory does not show", () =>
    withAccount({ employees: 10 }, (account) =>
      Effect.gen(function* () {
        denied(account, "/v2/datasets/", 403)
        denied(account, "/v1/reports/custom", 403)
        const error = yield* failure(
          collect(employee.list(account.context({ models: profileOnly, filters: { employmentStatus: "Full-Time" } })))
        )
        assert.strictEqual(error.reason._tag, "Forbidden")
        assert.include(error.resolution, "filter")
      })
    ))

  it("fails when everything is refused, as in a lock-out, and never with an empty listing", () =>
    withAccount({ employees: 10 }, (account) =>
      Effect.gen(function* () {
        denied(account, "/v", 403)
        const error = yield* failure(collect(employee.list(account.context())))
        assert.strictEqual(error.reason._tag, "Forbidden")
      })
    ))

  it("goes on with the endpoint that it began with", () =>
    Effect.runPromise(
      hurried(
        Effect.scoped(
          Effect.gen(function* () {
            const account = yield* connect({ employees: 600, seed: 5 })
            denied(account, "/v2/datasets/", 403)
            const whole = yield* collect(employee.list(account.context({ models: profileOnly })))
            assert.strictEqual(whole.pages.length, 2)
            account.sim.control.clearFaults()
            const rest = yield* collect(
              employee.list(account.context({ models: profileOnly, checkpoint: whole.pages[0]!.checkpoint }))
            )
            assert.deepStrictEqual(rest.rows, whole.rows.slice(500))
          })
        )
      )
    ))
})

describe("failures of the listing", () => {
  const cases = [
    [{ kind: "status", status: 401 }, "Unauthorized"],
    [{ kind: "status", status: 429 }, "RateLimited"],
    [{ kind: "status", status: 500 }, "Unavailable"],
    [{ kind: "status", status: 503 }, "RateLimited"],
    [{ kind: "status", status: 502 }, "Unavailable"],
    [{ kind: "html" }, "BadPayload"],
    [{ kind: "truncate" }, "Unavailable"],
    [{ kind: "reset" }, "Unavailable"]
  ] as const
  const endpoints = [
    "/v2/datasets/employee/data",
    "/v1/employees/all/tables/compensation",
    "/v1/time_off/requests",
    "/v1/employeedependents"
  ]
  for (const path of endpoints) {
    for (const [fault, reason] of cases) {
      it(`${path} with ${JSON.stringify(fault)} fails the run as ${reason}, without a proof of completeness`, () =>
        withAccount({ employees: 20 }, (account) =>
          Effect.gen(function* () {
            account.sim.control.fault({ ...fault, match: { path }, times: Infinity })
            const error = yield* failure(collect(employee.list(account.context())))
            assert.strictEqual(error.reason._tag, reason)
            assert.notInclude(JSON.stringify(error), account.sim.apiKey)
          })
        ))
    }
  }

  it("waits and goes on when the app is only busy for a while", () =>
    withAccount({ employees: 20 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "rate-limit", retryAfter: null, match: { path: "/v2/datasets" } })
        account.sim.control.fault({ kind: "truncate", match: { path: "/tables/jobInfo" } })
        const { rows } = yield* collect(employee.list(account.context()))
        assert.strictEqual(rows.length, 20)
      })
    ))

  it("gives no proof of completeness when rows of a page are missing", () =>
    withAccount({ employees: 1100, seed: 9 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "drop-page", match: { path: "/v2/datasets/employee/data" }, after: 1 })
        const { end, rows } = yield* collect(employee.list(account.context({ models: profileOnly })))
        assert.isUndefined(end)
        assert.isBelow(rows.length, 1100)
        assert.deepStrictEqual(
          account.issues.map(({ code }) => code),
          ["listing.incomplete"]
        )
      })
    ))

  it("fails when a later page fails, however it fails", () =>
    withAccount({ employees: 1100, seed: 9 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({
          kind: "status",
          status: 403,
          match: { path: "/v2/datasets/employee/data" },
          after: 1
        })
        const error = yield* failure(collect(employee.list(account.context({ models: profileOnly }))))
        assert.strictEqual(error.reason._tag, "Forbidden")
      })
    ))
})

describe("tables", () => {
  it("leaves a model empty and says so when its table may not be read", () =>
    withAccount({ employees: 15 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({
          kind: "status",
          status: 403,
          match: { path: "/tables/compensation" },
          times: Infinity
        })
        const { rows } = yield* collect(employee.list(account.context()))
        assert.isNull(decoded(rows[0]!).compensation)
        assert.isNotEmpty(decoded(rows[0]!).employments)
        assert.includeMembers(
          account.issues.map(({ model }) => model),
          ["employee_compensation", "employee_employments"]
        )
      })
    ))

  it("fails when the refusal of a table is part of a lock-out", () =>
    withAccount({ employees: 15 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "status", status: 403, match: { path: "/tables/compensation" } })
        account.sim.control.fault({ kind: "status", status: 403, match: { path: "/v1/employees/0" } })
        const error = yield* failure(collect(employee.list(account.context({ models: ["employee_compensation"] }))))
        assert.strictEqual(error.reason._tag, "Forbidden")
      })
    ))

  it("fails when the list of fields is empty, instead of taking the custom fields from everybody, found by the kit", () =>
    withAccount({ employees: 3 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "empty-list", match: { path: "/v1/meta/fields" } })
        const error = yield* failure(collect(employee.list(account.context())))
        assert.strictEqual(error.reason._tag, "BadPayload")
        assert.include(error.message, "the list of fields is empty")
      })
    ))

  it("reads dependents from the table when benefits may not be administered", () =>
    withAccount({ employees: 30 }, (account) =>
      Effect.gen(function* () {
        const first = yield* collect(employee.list(account.context({ models: ["employee_dependent"] })))
        account.sim.control.fault({
          kind: "status",
          status: 403,
          match: { path: "/v1/employeedependents" },
          times: Infinity
        })
        const second = yield* collect(employee.list(account.context({ models: ["employee_dependent"] })))
        assert.deepStrictEqual(second.rows.map(decoded), first.rows.map(decoded))
        assert.isFalse(second.rows.some((row) => row.tables.dependents?.some((person) => "ssn" in person)))
      })
    ))
})
