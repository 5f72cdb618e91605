import { assert, describe, it } from "vitest"
import { clock, dataset, type Json, post, rows, start } from "./Api.ts"

describe("the dataset", () => {
  it("pages by number with links that are a list when empty", async () => {
    const sim = await start({ employees: 25 })
    const seen: Array<string> = []
    for (let page = 1; page <= 3; page++) {
      const body = await rows(sim, { fields: ["eeid", "firstName", "email", "terminationDate"], page, pageSize: 10 })
      assert.deepStrictEqual(body.meta, { page, pageSize: 10, totalPages: 3, totalItems: 25 })
      assert.sameMembers(Object.keys(body.links), page === 1 ? ["next"] : page === 2 ? ["next", "prev"] : ["prev"])
      seen.push(...body.data.map(({ fields }: Json) => fields.eeid))
      assert.sameMembers(Object.keys(body.data[0]), ["fields"])
    }
    assert.deepStrictEqual(
      seen,
      sim.control.list().map(({ id }) => id)
    )
    const all = await rows(sim, { fields: ["eeid"], pageSize: 1000 })
    assert.deepStrictEqual(all.links, [])
    assert.typeOf(all.data[0].fields.eeid, "string")
  })

  it("names pay, manager and dates in its own way", async () => {
    const sim = await start()
    const boss = sim.control.list()[0]
    const [hired] = sim.control.hire({
      firstName: "Dana",
      lastName: "Reyes",
      payRate: "65000.00 USD",
      managerId: boss?.id ?? ""
    })
    const { data } = await rows(sim, {
      fields: [
        "eeid",
        "compensationPayRate",
        "compensationPayRateCurrencyCode",
        "supervisorEid",
        "terminationDate",
        "lastChangedIso"
      ],
      filter: `eeid in (${hired?.id})`
    })
    assert.strictEqual(data.length, 1)
    assert.strictEqual(data[0].fields.compensationPayRate, "65000.00")
    assert.strictEqual(data[0].fields.compensationPayRateCurrencyCode, "USD")
    assert.strictEqual(data[0].fields.supervisorEid, boss?.id)
    assert.strictEqual(data[0].fields.terminationDate, "")
    assert.match(data[0].fields.lastChangedIso, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
  })

  it("filters", async () => {
    const time = clock()
    const sim = await start({ now: time.now, employees: 120 })
    const [a, b] = sim.control.list()
    const { department } = b ?? {}
    const total = async (filter: string) => (await rows(sim, { fields: ["eeid"], filter })).meta.totalItems as number
    const { active, inactive } = sim.control.count()
    assert.strictEqual(await total("status eq 'Active'"), active)
    assert.strictEqual(await total("status ne 'Active'"), inactive)
    assert.strictEqual(await total(`eeid in ('${a?.id}', ${b?.id}, 99999)`), 2)
    assert.strictEqual(await total("(status eq 'Active' or status eq 'Inactive') and eeid gt 0"), 120)
    assert.isAbove(await total(`jobInformationDepartment in ('${department}')`), 0)
    const at = new Date(time.now()).toISOString()
    time.advance(60)
    sim.control.change(a?.id ?? "", { city: "Boulder" })
    assert.strictEqual(await total(`lastChanged gt '${at}'`), 1)
    const changed = new Date(time.now()).toISOString()
    assert.strictEqual(await total(`lastChanged gt '${changed}'`), 0)
    assert.strictEqual(await total(`lastChanged ge '${changed}'`), 1)
    assert.strictEqual(await total(`lastChangedIso ge '${changed.replace(/\.\d+Z/, "+00:00")}'`), 1)
    sim.control.change(a?.id ?? "", { lastName: "O'Hara" })
    assert.strictEqual(await total("lastName eq 'O''Hara'"), 1)
  })

  it("sorts by requested fields only", async () => {
    const sim = await start()
    const { data } = await rows(sim, { fields: ["lastName", "eeid"], orderBy: "lastName desc, eeid asc" })
    const names = data.map(({ fields }: Json) => fields.lastName)
    assert.deepStrictEqual(names, [...names].sort().reverse())
    assert.strictEqual((await dataset(sim, { fields: ["eeid"], orderBy: "lastName" })).status, 422)
  })

  it("answers problems as RFC 7807", async () => {
    const sim = await start()
    for (const [status, body, hint] of [
      [422, { fields: ["eeid"], filter: "lastChanged since 'x'" }, "since"],
      [422, { fields: ["eeid"], filter: "lastChanged gt 'yesterday'" }, "ISO 8601"],
      [422, { fields: ["eeid"], filter: "nobody eq 'x'" }, "nobody"],
      [422, { fields: ["eeid"], filter: "status eq 'Active" }, "position"],
      [422, { fields: ["eeid"], filter: "status eq 'Active' status" }, "status"],
      [422, { fields: ["eeid"], filter: "eeid in ()" }, "value"],
      [422, { fields: ["eeid"], pageSize: 1001 }, "pageSize"],
      [422, { fields: ["eeid"], page: 0 }, "page"],
      [400, { fields: ["workMail"] }, "workMail"],
      [400, {}, "fields"]
    ] as const) {
      const response = await dataset(sim, body)
      assert.strictEqual(response.status, status, JSON.stringify(body))
      assert.strictEqual(response.headers.get("content-type"), "application/problem+json")
      const problem = (await response.json()) as Json
      assert.strictEqual(problem.status, status)
      assert.include(problem.detail, hint)
    }
    assert.strictEqual((await post(sim, "/v2/datasets/payroll/data", { fields: ["eeid"] })).status, 404)
  })

  it("serves 10,000 people in pages of 1,000 without delay that grows with the page", async () => {
    const sim = await start({ employees: 10_000 })
    const ids = new Set<string>()
    const begun = performance.now()
    for (let page = 1; page <= 10; page++) {
      const fields = [
        "eeid",
        "firstName",
        "lastName",
        "email",
        "jobInformationJobTitle",
        "compensationPayRate",
        "supervisorEid"
      ]
      const { data } = await rows(sim, {
        fields,
        page,
        pageSize: 1000,
        filter: "lastChanged gt '2000-01-01T00:00:00Z'"
      })
      for (const row of data) ids.add(row.fields.eeid)
    }
    assert.strictEqual(ids.size, 10_000)
    assert.isBelow(performance.now() - begun, 15_000, "far from the second that it takes when nothing is quadratic")
  })
})
