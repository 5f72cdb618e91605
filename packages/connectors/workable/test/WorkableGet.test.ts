import { ConnectorError, CredentialsSource } from "@crochet/core"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import {
  applications,
  candidates,
  clientOf,
  collect,
  decoded,
  employees,
  jobs,
  tokenOf,
  withAccount
} from "./Account.ts"

describe("get", () => {
  it("gives a candidate as the list has it, and nothing for one that is gone", () =>
    withAccount({}, ({ context, sim }) =>
      Effect.gen(function* () {
        for (const of of [candidates, applications]) {
          const { rows } = yield* collect(of.list(context(of)))
          for (const row of rows.slice(0, 5)) {
            const found = yield* of.get!(context(of), of.recordId(row))
            assert.strictEqual(found._tag, "Some")
            const volatile = (record: Record<string, unknown>) => JSON.stringify(record).replace(/Expires=[^"]*/g, "")
            assert.strictEqual(
              volatile(decoded(of, found._tag === "Some" ? found.value : undefined)),
              volatile(decoded(of, row))
            )
          }
        }
        const { id } = sim.control.list()[0]!
        sim.control.remove(id)
        assert.strictEqual((yield* candidates.get!(context(candidates), id))._tag, "None")
        assert.strictEqual((yield* applications.get!(context(applications), id))._tag, "None")
      })
    ))

  it("asks twice before it believes that somebody is gone, and never believes a web page", () =>
    withAccount({}, ({ context, sim }) =>
      Effect.gen(function* () {
        const { id } = sim.control.list()[0]!
        const match = { path: `/candidates/${id}` }
        sim.control.remove(sim.control.list()[1]!.id)
        sim.control.fault({ kind: "html", status: 404, times: Infinity, match })
        const page = yield* Effect.exit(candidates.get!(context(candidates), id))
        assert.strictEqual(page._tag, "Failure")
        sim.control.clearFaults()
        sim.control.clearRequests()
        assert.strictEqual((yield* candidates.get!(context(candidates), "27ffffff"))._tag, "None")
        assert.strictEqual(sim.requests.filter(({ path }) => path.endsWith("/27ffffff")).length, 2)
      })
    ))

  it("says that a candidate outside of the filter does not belong to the sync", () =>
    withAccount({}, ({ context, sim }) =>
      Effect.gen(function* () {
        const one = sim.control.list().find(({ job }) => job !== null)!
        const inside = context(candidates, { filters: { job: one.job! } })
        assert.strictEqual((yield* candidates.get!(inside, one.id))._tag, "Some")
        const other = sim.control.jobs().find(({ shortcode }) => shortcode !== one.job)!
        sim.control.change(one.id, { job: other.shortcode })
        assert.strictEqual((yield* candidates.get!(inside, one.id))._tag, "None")
        sim.control.change(one.id, { job: null })
        assert.strictEqual((yield* applications.get!(context(applications), one.id))._tag, "None")
      })
    ))
})

describe("get of an employee", () => {
  const asked = (requests: ReadonlyArray<{ readonly path: string }>, path: string) =>
    requests.filter((one) => one.path === `/spi/v3${path}`).length

  it("gives them as the list has them, seen by an administrator who is chosen once", () =>
    withAccount({ employees: 4 }, ({ context, sim }) =>
      Effect.gen(function* () {
        sim.control.addEmployee({ state: "draft", workEmail: null, jobTitle: null })
        const { rows } = yield* collect(employees.list(context(employees)))
        for (const row of rows) {
          const found = yield* employees.get!(context(employees), employees.recordId(row))
          assert.deepStrictEqual(decoded(employees, found._tag === "Some" ? found.value : {}), decoded(employees, row))
        }
        assert.strictEqual(asked(sim.requests, "/members"), 1)
        const { query } = sim.requests.find(({ path }) => /\/employees\/./.test(path))!
        assert.isString(query.member_id)
      })
    ))

  it("says that somebody is gone when others are shown", () =>
    withAccount({ employees: 3 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const { id } = sim.control.employees()[1]!
        sim.control.removeEmployee(id)
        assert.strictEqual((yield* employees.get!(context(employees), id))._tag, "None")
        assert.strictEqual(asked(sim.requests, `/employees/${id}`), 2)
        for (const other of sim.control.employees()) sim.control.removeEmployee(other.id)
        assert.strictEqual((yield* employees.get!(context(employees), id))._tag, "None", "nobody is left")
      })
    ))

  it.each([
    ["nobody is found one by one", { kind: "status", status: 404 }],
    ["single employees are refused", { kind: "status", status: 403 }],
    ["a member is wanted and may not be known", undefined]
  ] as const)("looks through the list when %s", (_, fault) =>
    withAccount({ employees: 7, largestPage: 3 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const { rows } = yield* collect(employees.list(context(employees)))
        const [one, last] = [rows[1]!, rows.at(-1)!].map((row) => employees.recordId(row)) as [string, string]
        for (const { id } of sim.control.employees()) {
          const match = { path: `/employees/${id}` }
          if (fault !== undefined) sim.control.fault({ ...fault, times: Infinity, match })
        }
        if (fault === undefined) sim.control.forbid(["/members"])
        sim.control.removeEmployee(one)
        assert.strictEqual((yield* employees.get!(context(employees), one))._tag, "None")
        const found = yield* employees.get!(context(employees), last)
        assert.deepStrictEqual(
          decoded(employees, found._tag === "Some" ? found.value : {}),
          decoded(employees, rows.at(-1))
        )
      })
    )
  )

  it("is told by nobody when neither single employees nor the list show anybody", () =>
    withAccount({ employees: 3 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const { id } = sim.control.employees()[0]!
        sim.control.forbid(["/members", `/employees/${id}`])
        sim.control.fault({ kind: "empty-list", times: Infinity, match: { path: "/employees" } })
        const error = yield* Effect.flip(employees.get!(context(employees), id))
        assert.strictEqual(error.reason._tag, "BadPayload")
        assert.include(error.message, "the list shows nobody")
      })
    ))

  it("fails when the app does not answer, and says nothing about anybody", () =>
    withAccount({ employees: 3 }, ({ context, sim }) =>
      Effect.gen(function* () {
        sim.control.fault({ kind: "status", status: 503, times: Infinity, match: { path: "/employees/" } })
        const error = yield* Effect.flip(employees.get!(context(employees), sim.control.employees()[0]!.id))
        assert.strictEqual(error.reason._tag, "Unavailable")
      })
    ))
})

describe("what is listed and cannot be found by its id", () => {
  it.each([candidates, applications, jobs])("makes no record and is not reported as deleted", (of) =>
    withAccount({ candidates: 10 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const ids = (yield* collect(of.list(context(of)))).rows.map((row) => of.recordId(row))
        const lagging = ids[3]!
        const path = of === jobs ? `/jobs/${lagging}` : `/candidates/${lagging}`
        const client = yield* clientOf(sim.url, CredentialsSource.memory(tokenOf(sim.token)))
        const gone: typeof client.decode = (request, schema) =>
          request.path === path
            ? Effect.fail(client.fail(request.operation, new ConnectorError.NotFound({ status: 404 })))
            : client.decode(request, schema)
        const { deleted, rows } = yield* collect(of.list({ ...context(of), client: { ...client, decode: gone } }))
        assert.deepStrictEqual(
          rows.map((row) => of.recordId(row)),
          ids,
          "it counts as seen"
        )
        assert.notInclude(deleted, lagging)
        for (const row of rows) {
          if (of.recordId(row) === lagging) assert.throws(() => of.toRecord(row), /not found by its id/)
          else assert.doesNotThrow(() => of.toRecord(row))
        }
      })
    )
  )

  it("an answer that is another record's is not believed", () =>
    withAccount({}, ({ client, context, sim }) =>
      Effect.gen(function* () {
        const [one, other] = sim.control.list()
        const mistaken: typeof client.decode = (request, schema) =>
          client.decode({ ...request, path: request.path.replace(one!.id, other!.id) }, schema)
        const error = yield* Effect.flip(
          candidates.get!({ ...context(candidates), client: { ...client, decode: mistaken } }, one!.id)
        )
        assert.strictEqual(error.reason._tag, "BadPayload")
      })
    ))
})
