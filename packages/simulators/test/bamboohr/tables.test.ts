import { assert, describe, it } from "vitest"
import { get, type Json, read, start } from "./Api.ts"

describe("tables, time off and reference data", () => {
  it("gives tables as bare lists with ids as texts", async () => {
    const sim = await start({ employees: 120 })
    const all = await read(sim, "/v1/employees/all/tables/jobInfo")
    assert.sameMembers(Object.keys(all[0]), [
      "id",
      "employeeId",
      "date",
      "location",
      "department",
      "division",
      "jobTitle",
      "reportsTo",
      "teams"
    ])
    assert.typeOf(all[0].id, "string")
    const employeeIds = new Set(all.map(({ employeeId }: Json) => employeeId))
    assert.strictEqual(employeeIds.size, 120)
    assert.isAbove(all.length, 120, "some have a history")
    const pay = await read(sim, "/v1/employees/all/tables/compensation")
    assert.isAbove(pay.length, 200)
    for (const { rate } of pay) assert.match(rate, /^\d+\.\d\d [A-Z]{3}$/)
    const gone = sim.control.list({ status: "Inactive" })[0]
    const employment = await read(sim, `/v1/employees/${gone?.id}/tables/employmentStatus`)
    assert.deepStrictEqual(employment.at(-1).date, gone?.terminationDate)
    assert.strictEqual(employment.at(-1).employmentStatus, "Terminated")
    assert.isAbove((await read(sim, "/v1/employees/all/tables/customBankInfo")).length, 50)
    assert.strictEqual((await get(sim, "/v1/employees/all/tables/nonsense")).status, 404)
    const objects = await start({ rateAs: "object" })
    const [first] = await read(objects, "/v1/employees/all/tables/compensation")
    assert.sameMembers(Object.keys(first.rate), ["currency", "value"])
  })

  it("masks dependents' numbers", async () => {
    const sim = await start({ employees: 120 })
    const all = (await read(sim, "/v1/employeedependents"))["Employee Dependents"]
    assert.isAbove(all.length, 30)
    assert.ok(
      all.every((row: Json) => !("ssn" in row) && (row.maskedSSN === null || /^xxx-xx-\d{4}$/.test(row.maskedSSN)))
    )
    const [{ employeeId }] = all
    const own = (await read(sim, `/v1/employeedependents?employeeid=${employeeId}`))["Employee Dependents"]
    assert.deepStrictEqual(
      own,
      all.filter((row: Json) => row.employeeId === employeeId)
    )
  })

  it("gives time off that overlaps the window", async () => {
    const sim = await start({ employees: 200 })
    const all = await read(sim, "/v1/time_off/requests?start=2000-01-01&end=2100-01-01")
    assert.isAbove(all.length, 40)
    assert.sameMembers(Object.keys(all[0]), [
      "id",
      "employeeId",
      "status",
      "name",
      "start",
      "end",
      "created",
      "type",
      "amount",
      "actions",
      "dates",
      "notes"
    ])
    assert.ok(
      all.some(({ notes }: Json) => Array.isArray(notes)) && all.some(({ notes }: Json) => !Array.isArray(notes))
    )
    const some = await read(sim, "/v1/time_off/requests?start=2026-05-10&end=2026-05-12")
    assert.deepStrictEqual(
      some,
      all.filter(({ end, start }: Json) => end >= "2026-05-10" && start <= "2026-05-12")
    )
    const employeeId = sim.control.list()[0]?.id ?? ""
    const added = sim.control.addLeave({ employeeId, start: "2026-08-07", end: "2026-08-10", type: "Vacation" })
    assert.deepStrictEqual(added.amount, "16", "two working days of eight hours; the weekend counts nothing")
    sim.control.changeLeave(added.id, "approved")
    const own = await read(sim, `/v1/time_off/requests?start=2026-08-10&end=2026-08-10&employeeId=${employeeId}`)
    assert.strictEqual(own.at(-1).status.status, "approved")
    assert.deepStrictEqual(own.at(-1).dates, {
      "2026-08-07": "8",
      "2026-08-08": "0",
      "2026-08-09": "0",
      "2026-08-10": "8"
    })
    assert.strictEqual((await get(sim, "/v1/time_off/requests?start=2026-01-01")).status, 400)
    assert.sameMembers(Object.keys(await read(sim, "/v1/meta/time_off/types")), ["timeOffTypes", "defaultHours"])
  })

  it("gives fields, tables, lists and users", async () => {
    const sim = await start()
    const fields = await read(sim, "/v1/meta/fields")
    assert.deepInclude(fields, { id: 19, name: "Pay rate", type: "currency", alias: "payRate" })
    assert.deepInclude(fields, { id: "19.1", name: "Pay rate - Currency code", type: "text", alias: "payRate" })
    assert.deepInclude(fields, { id: 7, name: "SSN", type: "ssn", alias: "ssn" })
    const tables = await read(sim, "/v1/meta/tables")
    assert.includeMembers(
      tables.map(({ alias }: Json) => alias),
      ["jobInfo", "compensation", "employmentStatus", "customBankInfo"]
    )
    const lists = await read(sim, "/v1/meta/lists")
    const departments = lists.find(({ alias }: Json) => alias === "department")
    const listed = await read(sim, "/v1/employees?page[limit]=60&fields=departmentId,departmentName")
    for (const { departmentId, departmentName } of listed.data) {
      assert.ok(
        departments.options.some(({ id, name }: Json) => String(id) === departmentId && name === departmentName),
        `${departmentName} ${departmentId}`
      )
    }
    const users = await read(sim, "/v1/meta/users")
    for (const [key, user] of Object.entries<Json>(users)) assert.strictEqual(key, String(user.id))
    assert.sameMembers(Object.keys(await read(sim, "/v1/company_information")), [
      "legalName",
      "displayName",
      "address",
      "phone"
    ])
    assert.strictEqual((await get(sim, "/v1/nonsense")).status, 404)
  })
})
