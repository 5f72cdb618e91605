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
