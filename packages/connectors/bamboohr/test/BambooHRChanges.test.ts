import { Effect, Option } from "effect"
import { assert, describe, it } from "vitest"
import { type Account, allModels, collect, decoded, employee, failure, profileOnly, withAccount } from "./Account.ts"

const changes = employee.changes!

/** A clock that the test moves; the simulator and its `Date` header follow it. */
const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

const idsOf = (rows: ReadonlyArray<unknown>) => rows.map((row) => employee.recordId(row)).sort()

const begin = (account: Account, models: ReadonlyArray<string>) => changes.start(account.context({ models }))

describe("changes", () => {
  it("starts at the app's clock, not at ours", () => {
    const time = clock("2031-03-04T05:06:07Z")
    return withAccount({ employees: 3, now: time.now }, (account) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* begin(account, profileOnly), "2031-03-04T05:06:07Z")
      })
    )
  })

  it("brings who was hired, changed, fired and removed, and nobody else", () => {
    const time = clock()
    return withAccount({ employees: 60, now: time.now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const people = control.list({ status: "Active", limit: 100 })
        const cursor = yield* begin(account, allModels)
        time.advance(300)
        const [hired] = control.hire({ firstName: "Ada", lastName: "Newly" })
        control.change(people[3]!.id, { jobTitle: "Head of Tests" })
        control.fire(people[4]!.id)
        control.remove(people[5]!.id)
        time.advance(10)
        const result = yield* collect(changes.fetch(account.context(), cursor))
        assert.deepStrictEqual(idsOf(result.rows), [hired!.id, people[3]!.id, people[4]!.id].sort())
        assert.deepStrictEqual(result.deleted, [people[5]!.id])
        const records = new Map(result.rows.map((row) => [employee.recordId(row), decoded(row)]))
        assert.strictEqual(records.get(hired!.id)!.profile.firstName, "Ada")
        assert.strictEqual(records.get(people[3]!.id)!.orgStructure.designation, "Head of Tests")
        assert.strictEqual(records.get(people[4]!.id)!.profile.employmentStatus, "INACTIVE")
        assert.isNotNull(records.get(people[4]!.id)!.profile.terminationDate)
        assert.strictEqual(result.end?.cursor, "2026-07-01T12:05:00Z")
      })
    )
  })

  it("does not read a mass change again with every later delta, found by the conformance kit", () => {
    const time = clock()
    return withAccount({ employees: 30, now: time.now }, (account) =>
      Effect.gen(function* () {
        const context = account.context({ models: profileOnly })
        let cursor = yield* begin(account, profileOnly)
        time.advance(300)
        for (const { id } of account.sim.control.list())
          account.sim.control.change(id, { homeEmail: "new@example.org" })
        const read: Array<number> = []
        for (const seconds of [60, 86_400, 3_600]) {
          time.advance(seconds)
          const { end, rows } = yield* collect(changes.fetch(context, cursor))
          read.push(rows.length)
          cursor = end!.cursor!
        }
        assert.deepStrictEqual(read, [30, 30, 0], "a day later the cursor may still stand at the change, then no more")
      })
    )
  })

  it("says nothing when nothing changed, and never moves the cursor back", () => {
    const time = clock()
    return withAccount({ employees: 10, now: time.now }, (account) =>
      Effect.gen(function* () {
        const cursor = yield* begin(account, profileOnly)
        time.advance(86_400)
        const result = yield* collect(changes.fetch(account.context({ models: profileOnly }), cursor))
        assert.deepStrictEqual(result.rows, [])
        assert.deepStrictEqual(result.deleted, [])
        assert.isTrue(Date.parse(result.end!.cursor!) >= Date.parse(cursor))
      })
    )
  })

  it("reads again what changed in the very second of the cursor, so that nothing falls between", () => {
    const time = clock()
    return withAccount({ employees: 10, now: time.now }, (account) =>
      Effect.gen(function* () {
        time.advance(600)
        const cursor = yield* begin(account, profileOnly)
        const [first] = account.sim.control.list()
        account.sim.control.change(first!.id, { lastName: "Samesecond" })
        const result = yield* collect(changes.fetch(account.context({ models: profileOnly }), cursor))
        assert.deepStrictEqual(idsOf(result.rows), [first!.id])
      })
    )
  })

  it("finds changed time off, which the list of changed employees does not tell of", () => {
    const time = clock()
    return withAccount({ employees: 30, now: time.now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        time.advance(86_400 * 3)
        const cursor = yield* begin(account, allModels)
        time.advance(300)
        const person = control.list({ status: "Active" })[7]!
        control.addLeave({
          employeeId: person.id,
          start: "2026-08-03",
          end: "2026-08-07",
          type: "Vacation",
          status: "requested"
        })
        const result = yield* collect(changes.fetch(account.context(), cursor))
        const row = result.rows.find((one) => employee.recordId(one) === person.id)
        assert.isDefined(row)
        const leave = decoded(row!).leaveRequests.find((one) => one.startDate === "2026-08-03T00:00:00.000Z")
        assert.strictEqual(leave?.status, "REQUESTED")
        assert.strictEqual(leave?.leaveType.type, "VACATION")
      })
    )
  })

  for (const refused of [[], ["/v2/datasets/"], ["/v2/datasets/", "/v1/reports/"]]) {
    it(`gives the rows of the listing, so that a full listing finds nothing new (${refused.length} endpoints refused)`, () => {
      const time = clock()
      return withAccount({ employees: 25, now: time.now }, (account) =>
        Effect.gen(function* () {
          const { control } = account.sim
          for (const path of refused) control.fault({ kind: "status", status: 403, match: { path }, times: Infinity })
          const cursor = yield* begin(account, allModels)
          time.advance(120)
          for (const person of control.list({ status: "Active" }).slice(0, 8))
            control.change(person.id, { city: "Elsewhere" })
          const delta = yield* collect(changes.fetch(account.context(), cursor))
          assert.strictEqual(delta.rows.length, 8)
          assert.strictEqual(delta.rows[0]!.source, ["dataset", "report", "directory"][refused.length])
          const listed = yield* collect(employee.list(account.context()))
          const full = new Map(listed.rows.map((row) => [employee.recordId(row), decoded(row)]))
          for (const row of delta.rows) assert.deepStrictEqual(decoded(row), full.get(employee.recordId(row)))
        })
      )
    })
  }

  it("gives the same rows by one request for everybody and by one per person", () => {
    const time = clock()
    return withAccount({ employees: 25, now: time.now }, (account) =>
      Effect.gen(function* () {
        const cursor = yield* begin(account, allModels)
        time.advance(120)
        account.sim.control.change(account.sim.control.list()[2]!.id, { city: "Elsewhere" })
        const few = yield* collect(changes.fetch(account.context(), cursor))
        assert.strictEqual(few.rows.length, 1)
        const one = yield* employee.get!(account.context(), employee.recordId(few.rows[0]!))
        assert.deepStrictEqual(decoded(Option.getOrThrow(one) as never), decoded(few.rows[0]!))
      })
    )
  })

  it("takes who moved out of a filtered department out of the sync", () => {
    const time = clock()
    return withAccount({ employees: 60, now: time.now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const person = control.list({ status: "Active" })[9]!
        const context = account.context({ models: profileOnly, filters: { department: person.department! } })
        const cursor = yield* changes.start(context)
        time.advance(120)
        control.change(person.id, { department: "Somewhere Else" })
        const result = yield* collect(changes.fetch(context, cursor))
        assert.deepStrictEqual(result.rows, [])
        assert.deepStrictEqual(result.deleted, [person.id])
      })
    )
  })

  it("reads many changed people in chunks, and tables once for all of them", () => {
    const time = clock()
    return withAccount({ employees: 320, now: time.now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const cursor = yield* begin(account, allModels)
        time.advance(120)
        const people = control.list({ status: "Active", limit: 250 })
        for (const person of people) control.change(person.id, { city: "Elsewhere" })
        control.clearRequests()
        const result = yield* collect(changes.fetch(account.context(), cursor))
        assert.deepStrictEqual(idsOf(result.rows), people.map(({ id }) => id).sort())
        assert.strictEqual(result.pages.length, 3)
        const asked = (path: string) => account.sim.requests.filter((request) => request.path.endsWith(path)).length
        assert.strictEqual(asked("/v1/employees/all/tables/jobInfo"), 1)
        assert.strictEqual(asked("/v2/datasets/employee/data"), 3)
      })
    )
  })

  it("asks for a new listing when the app refuses the time", () =>
    withAccount({ employees: 2 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "status", status: 400, match: { path: "/v1/employees/changed" } })
        const error = yield* failure(collect(changes.fetch(account.context(), "1999-01-01T00:00:00Z")))
        assert.strictEqual(error.reason._tag, "CursorExpired")
      })
    ))

  it("refuses a cursor that is none", () =>
    withAccount({ employees: 2 }, (account) =>
      Effect.gen(function* () {
        const error = yield* failure(collect(changes.fetch(account.context(), "page-7")))
        assert.strictEqual(error.reason._tag, "CursorExpired")
      })
    ))

  for (const path of [
    "/v1/employees/changed?",
    "/v1/employees/changed/tables/jobInfo",
    "/v2/datasets/employee/data",
    "/tables/compensation"
  ]) {
    for (const [fault, reason] of [
      [{ kind: "status", status: 500 }, "Unavailable"],
      [{ kind: "html" }, "BadPayload"]
    ] as const) {
      it(`fails, without a cursor, when ${path} fails with ${JSON.stringify(fault)}`, () => {
        const time = clock()
        return withAccount({ employees: 10, now: time.now }, (account) =>
          Effect.gen(function* () {
            const cursor = yield* begin(account, allModels)
            time.advance(120)
            account.sim.control.change(account.sim.control.list()[2]!.id, { city: "Elsewhere" })
            account.sim.control.fault({ ...fault, match: { path }, times: Infinity })
            const error = yield* failure(collect(changes.fetch(account.context(), cursor)))
            assert.strictEqual(error.reason._tag, reason)
          })
        )
      })
    }
  }
})

describe("get", () => {
  it("reads one employee with tables, and nothing for who is gone", () =>
    withAccount({ employees: 20 }, (account) =>
      Effect.gen(function* () {
        const listed = yield* collect(employee.list(account.context()))
        for (const row of listed.rows.slice(0, 5)) {
          const one = yield* employee.get!(account.context(), employee.recordId(row))
          assert.deepStrictEqual(decoded(Option.getOrThrow(one) as never), decoded(row))
        }
        assert.isTrue(Option.isNone(yield* employee.get!(account.context(), "999999")))
      })
    ))

  it("does not take a proxy's page for a missing employee", () =>
    withAccount({ employees: 5 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "html", status: 404, match: { path: "/v1/employees/4" }, times: Infinity })
        const error = yield* failure(employee.get!(account.context({ models: profileOnly }), "4"))
        assert.strictEqual(error.reason._tag, "BadPayload")
      })
    ))
})
