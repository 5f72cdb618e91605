import { assert, describe, it } from "vitest"
import { InvalidInput, startBambooHR } from "../../src/index.ts"
import { clock, get, read, start } from "./Api.ts"

describe("changes", () => {
  const since = (at: number) => encodeURIComponent(new Date(at).toISOString().replace(".000Z", "Z"))

  it("tells who came, changed, left and was removed, and no more than the latest of each", async () => {
    const time = clock()
    const sim = await start({ now: time.now })
    const begun = time.now()
    assert.deepStrictEqual(
      (await read(sim, `/v1/employees/changed?since=${since(begun)}`)).employees,
      [],
      "an empty map is a list"
    )
    const people = sim.control.list({ status: "Active" })
    const [changed, fired, removed] = [people[20]?.id ?? "", people[21]?.id ?? "", people[22]?.id ?? ""]
    time.advance(10)
    const [hired] = sim.control.hire()
    time.advance(10)
    sim.control.change(changed, { jobTitle: "Team Lead", payRate: "71000.00 USD" })
    const left = sim.control.fire(fired, { reason: "Moved away" })
    assert.deepStrictEqual([left.status, left.terminationDate], ["Inactive", "2026-07-01"])
    time.advance(10)
    sim.control.remove(removed)
    const body = await read(sim, `/v1/employees/changed?since=${since(begun)}`)
    assert.deepStrictEqual(body, {
      latest: "2026-07-01T12:00:30Z",
      employees: {
        [hired?.id ?? ""]: { id: hired?.id, action: "Inserted", lastChanged: "2026-07-01T12:00:10Z" },
        [changed]: { id: changed, action: "Updated", lastChanged: "2026-07-01T12:00:20Z" },
        [fired]: { id: fired, action: "Updated", lastChanged: "2026-07-01T12:00:20Z" },
        [removed]: { id: removed, action: "Deleted", lastChanged: "2026-07-01T12:00:30Z" }
      }
    })
    const deleted = await read(sim, `/v1/employees/changed?since=${since(begun)}&type=deleted`)
    assert.deepStrictEqual(Object.keys(deleted.employees), [removed])
    assert.strictEqual((await get(sim, `/v1/employees/${removed}`)).status, 404)

    const table = await read(sim, `/v1/employees/changed/tables/jobInfo?since=${since(begun)}`)
    assert.strictEqual(table.table, "jobInfo")
    assert.sameMembers(Object.keys(table.employees), [hired?.id, changed, fired])
    const { lastChanged, rows: history } = table.employees[changed]
    assert.strictEqual(lastChanged, "2026-07-01T12:00:20Z")
    assert.isAtLeast(history.length, 2, "all rows, old ones too")
    assert.deepInclude(history.at(-1), { date: "2026-07-01", jobTitle: "Team Lead" })
    assert.notProperty(history[0], "id")
    const one = await read(sim, `/v1/employees/${changed}?fields=jobTitle,payRate`)
    assert.deepStrictEqual(one, { id: changed, jobTitle: "Team Lead", payRate: "71000.00 USD" })
  })

  it("leaves the since instant out unless told, and refuses what is no instant", async () => {
    const time = clock()
    for (const sinceIncludes of [false, true]) {
      const sim = await start({ now: time.now, sinceIncludes })
      sim.control.hire()
      const { employees } = await read(sim, `/v1/employees/changed?since=${since(time.now())}`)
      assert.strictEqual(Object.keys(employees).length, sinceIncludes ? 1 : 0)
    }
    const sim = await start()
    for (const query of [
      "",
      "?since=yesterday",
      "?since=2026-01-01T00:00:00+00:00",
      "?since=2026-01-01T00:00:00Z&type=x"
    ]) {
      assert.strictEqual((await get(sim, `/v1/employees/changed${query}`)).status, 400, query)
    }
    assert.strictEqual((await get(sim, "/v1/employees/changed/tables/x?since=2026-01-01T00:00:00Z")).status, 404)
  })

  it("never stamps a change before an earlier one, though the clock goes back", async () => {
    const time = clock()
    const sim = await start({ now: time.now })
    const [a, b] = sim.control.list()
    const first = sim.control.change(a?.id ?? "", { city: "Aurora" }).lastChanged
    time.advance(-3600)
    assert.isAtLeast(Date.parse(sim.control.change(b?.id ?? "", { city: "Aurora" }).lastChanged), Date.parse(first))
  })

  it("replaces dependents and counts a future hire as inactive", async () => {
    const time = clock()
    const sim = await start({ now: time.now })
    const id = sim.control.list()[2]?.id ?? ""
    sim.control.changeDependents(id, [{ firstName: "Ada", relationship: "Child", dateOfBirth: "2020-02-29" }])
    const body = await read(sim, `/v1/employees/${id}/tables/dependents`)
    assert.strictEqual(body.length, 1)
    assert.deepInclude(body[0], { firstName: "Ada", relationship: "Child", dateOfBirth: "2020-02-29" })
    const [future] = sim.control.hire({ hireDate: "2026-09-01", department: "Finance", jobTitle: "Auditor" })
    assert.deepInclude(future, {
      status: "Inactive",
      hireDate: "2026-09-01",
      department: "Finance",
      jobTitle: "Auditor"
    })
  })

  it("names the bad field and then changes nothing", async () => {
    const sim = await start()
    const people = sim.control.list()
    const boss = people[0]?.id ?? ""
    const report = people.find(({ managerId }) => managerId === boss)?.id ?? ""
    const field = (run: () => unknown): string => {
      try {
        run()
      } catch (error) {
        if (error instanceof InvalidInput) return error.field
        throw error
      }
      return "nothing was refused"
    }
    const bad = (fields: object) => field(() => sim.control.change(report, { city: "Nowhere", ...fields }))
    assert.strictEqual(bad({ dateOfBirth: "2026-02-30" }), "dateOfBirth")
    assert.strictEqual(bad({ payRate: "lots" }), "payRate")
    assert.strictEqual(bad({ shoeSize: "43" }), "shoeSize")
    assert.strictEqual(bad({ managerId: 99_999 }), "managerId")
    assert.strictEqual(bad({ managerId: report }), "managerId")
    assert.strictEqual(bad({ status: "Asleep" }), "status")
    assert.strictEqual(
      field(() => sim.control.change(boss, { managerId: report })),
      "managerId",
      "a circle"
    )
    assert.strictEqual(
      field(() => sim.control.fire("99999")),
      "id"
    )
    assert.strictEqual(
      field(() => sim.control.addLeave({ employeeId: boss, start: "2026-01-02", end: "2026-01-01" })),
      "end"
    )
    assert.strictEqual(
      field(() => sim.control.changeDependents(boss, [{ firstName: "A" } as never])),
      "dependents[0].relationship"
    )
    assert.strictEqual(
      field(() => sim.control.hire([{}, { hireDate: "soon" }])),
      "hireDate"
    )
    assert.deepStrictEqual(sim.control.list(), people)
  })

  it("rejects options that cannot be used", async () => {
    for (const [options, field] of [
      [{ employees: -1 }, "employees"],
      [{ subdomain: "a/b" }, "subdomain"],
      [{ apiKey: "a:b" }, "apiKey"],
      [{ port: 70_000 }, "port"],
      [{ historyUntil: "x" }, "historyUntil"]
    ] as const) {
      const error = await startBambooHR(options).then(
        () => undefined,
        (reason: unknown) => reason
      )
      assert.ok(error instanceof InvalidInput, field)
      assert.strictEqual(error.field, field)
    }
  })
})
