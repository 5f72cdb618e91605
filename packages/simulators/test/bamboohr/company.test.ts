import { assert, describe, it } from "vitest"
import type { BambooHRSimulator } from "../../src/index.ts"
import { get, type Json, read, rows, start } from "./Api.ts"

describe("the company", () => {
  it("is the same for the same seed and another for another", async () => {
    const [a, b, c] = [await start({ seed: 7 }), await start({ seed: 7 }), await start({ seed: 8 })]
    const path = "/v1/employees/all/tables/compensation"
    const [first, same, other] = [await read(a, path), await read(b, path), await read(c, path)]
    assert.deepStrictEqual(first, same)
    assert.notDeepEqual(first, other)
    assert.strictEqual(a.apiKey, b.apiKey)
    a.control.hire(3)
    b.control.hire(3)
    const people = (sim: BambooHRSimulator) => sim.control.list().map(({ lastChanged: _, ...rest }) => rest)
    assert.deepStrictEqual(people(a), people(b))
  })

  it("is one tree of managers, of whom none has left", async () => {
    const sim = await start({ employees: 300 })
    const people = new Map(sim.control.list().map((person) => [person.id, person]))
    assert.strictEqual(people.size, 300)
    assert.strictEqual([...people.values()].filter(({ managerId }) => managerId === null).length, 1)
    for (const person of people.values()) {
      let steps = 0
      for (let at = person; at.managerId !== null; steps++) {
        const manager = people.get(at.managerId)
        assert.ok(manager !== undefined, `${at.id} reports to ${at.managerId}, who is not there`)
        assert.strictEqual(manager.status, "Active")
        assert.isBelow(steps, 10, "managers in a circle")
        at = manager
      }
    }
    const { active, inactive } = sim.control.count()
    assert.ok(active > 200 && inactive > 5, `${active} active, ${inactive} inactive`)
  })

  it("has no government id that could be somebody's", async () => {
    const sim = await start({ employees: 200 })
    const answer = await rows(sim, { fields: ["ssn", "customField4337"], pageSize: 1000 })
    const ids = answer.data.map(({ fields }: Json) => fields.ssn).filter((ssn: unknown) => ssn !== null)
    assert.isAbove(ids.length, 20)
    for (const ssn of ids) assert.match(ssn, /^000-\d\d-\d{4}$/)
  })

  it("can be empty or of any small size", async () => {
    for (const employees of [0, 1, 2, 5, 11]) {
      const sim = await start({ employees })
      assert.strictEqual(sim.control.count().total, employees)
      assert.strictEqual((await get(sim, "/v1/employees/0")).status, employees === 0 ? 404 : 200)
      const answer = await rows(sim, { fields: ["eeid"] })
      assert.strictEqual(answer.meta.totalItems, employees)
    }
  })
})
