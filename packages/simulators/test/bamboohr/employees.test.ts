import { assert, describe, it } from "vitest"
import { get, headers, type Json, post, read, start } from "./Api.ts"

describe("one employee, the directory and the report", () => {
  it("gives asked fields by alias or number, and leaves out unknown ones", async () => {
    const sim = await start()
    const id = sim.control.list()[3]?.id
    const body = await read(sim, `/v1/employees/${id}?fields=firstName,17,payRate,terminationDate,nonsense`)
    assert.sameMembers(Object.keys(body), ["id", "firstName", "17", "payRate", "terminationDate"])
    assert.match(body.payRate, /^\d+\.\d\d [A-Z]{3}$/)
    assert.sameMembers(Object.keys(await read(sim, `/v1/employees/${id}`)), ["id", "firstName", "lastName"])
  })

  it("answers 404 with the reason twice in header and misspelt twin", async () => {
    const sim = await start()
    const response = await get(sim, "/v1/employees/182372")
    assert.strictEqual(response.status, 404)
    assert.strictEqual(await response.text(), "")
    for (const name of ["x-bamboohr-error-message", "x-bamboohr-error-messsage"]) {
      assert.strictEqual(response.headers.get(name), "Employee not found, Employee not found")
    }
  })

  it("writes XML, or refuses, when JSON was not asked for", async () => {
    const sim = await start()
    const id = sim.control.list()[0]?.id
    const table = await get(sim, `/v1/employees/${id}/tables/jobInfo`, { accept: "*/*" })
    assert.match(table.headers.get("content-type") ?? "", /^text\/xml/)
    assert.match(await table.text(), new RegExp(`<row id="\\d+" employeeId="${id}">\\n {2}<field id="date">`))
    assert.match(await (await get(sim, "/v1/employees/0", { accept: "*/*" })).text(), /<employee id="\d+">/)
    assert.strictEqual((await get(sim, "/v1/employees/directory", { accept: "*/*" })).status, 406)
    assert.strictEqual((await get(sim, "/v1/employees", { accept: "*/*" })).status, 200, "the new list is always JSON")
  })

  it("lists who is active in the directory", async () => {
    const sim = await start({ employees: 150 })
    const body = await read(sim, "/v1/employees/directory")
    assert.strictEqual(body.employees.length, sim.control.count().active)
    assert.sameMembers(Object.keys(body.employees[0]), ["id", ...body.fields.map(({ id }: Json) => id)])
    assert.strictEqual(body.employees[0].canUploadPhoto, 1)
    assert.strictEqual(body.employees[0].supervisor, null)
    assert.match(body.employees[1].supervisor, /^\S+ \S/)
    assert.strictEqual((await get(await start({ employees: 0 }), "/v1/employees/directory")).status, 404)
  })

  it("reports everybody, also who has left", async () => {
    const sim = await start({ employees: 150, emptyDate: "0000-00-00" })
    const response = await post(sim, "/v1/reports/custom?format=JSON&onlyCurrent=false", {
      title: "All",
      fields: ["firstName", "status", "terminationDate", "supervisor", "nonsense"]
    })
    const body = (await response.json()) as Json
    assert.strictEqual(body.title, "All")
    assert.deepStrictEqual(body.fields[1], { id: "status", type: "status", name: "Status" })
    assert.strictEqual(body.employees.length, 150)
    assert.notProperty(body.employees[0], "nonsense")
    for (const { status, terminationDate } of body.employees) {
      assert.strictEqual(terminationDate === "0000-00-00", status === "Active")
    }
  })

  it("takes a report's JSON only under the exact content type", async () => {
    const sim = await start()
    const send = (type: string, format: string) =>
      fetch(`${sim.url}/v1/reports/custom?format=${format}`, {
        method: "POST",
        headers: { ...headers(sim), "content-type": type },
        body: JSON.stringify({ fields: ["firstName"] })
      })
    const wrong = await send("application/json; charset=UTF-8", "json")
    assert.strictEqual(wrong.headers.get("x-bamboohr-error-message"), "Malformed XML")
    assert.strictEqual((await send("application/json", "bogus")).status, 404)
  })
})
