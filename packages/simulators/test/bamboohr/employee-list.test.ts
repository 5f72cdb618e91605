import { assert, describe, it } from "vitest"
import { get, headers, type Json, read, start } from "./Api.ts"

describe("the paged list of employees", () => {
  it("has the shape of the app's", async () => {
    const sim = await start()
    const body = await read(
      sim,
      "/api/v1/employees?page[limit]=50&sort=employeeId&fields=workEmail,nonsense,reportsToId"
    )
    assert.sameMembers(Object.keys(body), ["data", "meta", "_links"])
    assert.sameMembers(Object.keys(body.data[0]), [
      "employeeId",
      "firstName",
      "lastName",
      "preferredName",
      "photoUrl",
      "jobTitleName",
      "status",
      "_restrictedFields",
      "workEmail",
      "reportsToId"
    ])
    assert.typeOf(body.data[0].employeeId, "string")
    assert.strictEqual(body.meta.page.limit, 50)
    assert.strictEqual(body.meta.page.prevCursor, null)
    assert.strictEqual(
      Buffer.from(body.meta.page.nextCursor, "base64").toString(),
      `{"nextEmployee":${sim.control.list()[50]?.id}}`
    )
    assert.ok(body._links.next.href.startsWith(`${sim.url}/api/v1/employees?`), body._links.next.href)
  })

  it("gives everybody once, by cursor and by link, forward and back", async () => {
    const sim = await start({ employees: 45 })
    const ids: Array<string> = []
    let cursor: string | null = null
    let pages = 0
    do {
      const after: string = cursor === null ? "" : `&page[after]=${encodeURIComponent(cursor)}`
      const body = await read(sim, `/v1/employees?page[limit]=10${after}`)
      ids.push(...body.data.map(({ employeeId }: Json) => employeeId))
      assert.strictEqual(body.meta.total, 45)
      cursor = body.meta.page.nextCursor
      pages++
    } while (cursor !== null)
    assert.strictEqual(pages, 5)
    assert.deepStrictEqual(
      ids,
      sim.control.list().map(({ id }) => id)
    )
    const second = (await (
      await fetch((await read(sim, "/v1/employees?page[limit]=10"))._links.next.href, { headers: headers(sim) })
    ).json()) as Json
    assert.deepStrictEqual(
      second.data.map(({ employeeId }: Json) => employeeId),
      ids.slice(10, 20)
    )
    const third = await read(
      sim,
      `/v1/employees?page[limit]=10&page[after]=${encodeURIComponent(second.meta.page.nextCursor)}`
    )
    const before = encodeURIComponent(third.meta.page.prevCursor)
    const back = await read(sim, `/v1/employees?page[limit]=10&page[before]=${before}`)
    assert.deepStrictEqual(
      back.data,
      second.data.map((row: Json, index: number) => ({ ...row, photoUrl: back.data[index].photoUrl }))
    )
  })

  it("filters by status and by ids in both forms, and sorts", async () => {
    const sim = await start({ employees: 150 })
    const inactive = await read(sim, "/v1/employees?filter[status]=inactive&page[limit]=2500")
    assert.strictEqual(inactive.meta.total, sim.control.count().inactive)
    assert.ok(inactive.data.every(({ status }: Json) => status === "Inactive"))
    const [a, b] = sim.control.list().map(({ id }) => id)
    for (const query of [`filter[ids][]=${b}&filter[ids][]=${a}`, `filter[ids]=${a},${b},99999`]) {
      const body = await read(sim, `/v1/employees?${query}`)
      assert.deepStrictEqual(
        body.data.map(({ employeeId }: Json) => employeeId),
        [a, b],
        query
      )
    }
    const sorted = (await read(sim, "/v1/employees?sort=-lastName")).data.map(({ lastName }: Json) => lastName)
    assert.deepStrictEqual(sorted, [...sorted].sort().reverse())
  })

  it("answers BadPage when the boundary is gone and BadRequest to bad input", async () => {
    const sim = await start()
    const cursor = (await read(sim, "/v1/employees?page[limit]=10")).meta.page.nextCursor
    sim.control.remove(sim.control.list()[10]?.id ?? "")
    for (const [query, code] of [
      [`page[after]=${encodeURIComponent(cursor)}`, "BadPage"],
      ["page[after]=rubbish", "BadPage"],
      ["page[limit]=2501", "BadRequest"],
      ["filter[status]=Active", "BadRequest"],
      ["sort=hireDate", "BadRequest"]
    ]) {
      const response = await get(sim, `/v1/employees?${query}`)
      assert.strictEqual(response.status, 400, query)
      assert.strictEqual(((await response.json()) as Json).error.code, code, query)
    }
  })

  it("signs photos anew on every call", async () => {
    const sim = await start()
    const photos = async () =>
      (await read(sim, "/v1/employees?page[limit]=60")).data
        .map(({ photoUrl }: Json) => photoUrl)
        .filter((url: string) => url.includes("Signature"))
    const [first, second] = [await photos(), await photos()]
    assert.isAbove(first.length, 5)
    for (const [index, url] of first.entries()) assert.notStrictEqual(url, second[index])
  })
})
