import { createHash } from "node:crypto"
import { afterEach, assert, describe, it } from "vitest"
import { type BambooHROptions, type BambooHRSimulator, InvalidInput, startBambooHR } from "../src/index.ts"

const running: Array<BambooHRSimulator> = []
const start = async (options: BambooHROptions = {}) => {
  const sim = await startBambooHR({ employees: 60, ...options })
  running.push(sim)
  return sim
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()))
})

// What a foreign API answers has no type; the assertions are its check.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>
const basic = (key: string) => `Basic ${Buffer.from(`${key}:x`).toString("base64")}`
const headers = (sim: BambooHRSimulator) => ({ authorization: basic(sim.apiKey), accept: "application/json" })
const get = (sim: BambooHRSimulator, path: string, more: Record<string, string> = {}) =>
  fetch(sim.url + path, { headers: { ...headers(sim), ...more } })
const read = async (sim: BambooHRSimulator, path: string): Promise<Json[string]> => {
  const response = await get(sim, path)
  assert.strictEqual(response.status, 200, `${path}: ${response.headers.get("x-bamboohr-error-message")}`)
  return response.json()
}
const post = (sim: BambooHRSimulator, path: string, body: unknown) =>
  fetch(sim.url + path, {
    method: "POST",
    headers: { ...headers(sim), "content-type": "application/json" },
    body: JSON.stringify(body)
  })
const dataset = (sim: BambooHRSimulator, body: Json) => post(sim, "/api/v2/datasets/employee/data", body)
const rows = async (sim: BambooHRSimulator, body: Json): Promise<Json> => {
  const response = await dataset(sim, body)
  assert.strictEqual(response.status, 200, await response.clone().text())
  return (await response.json()) as Json
}
/** A clock that tests move by hand. */
const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return {
    now: () => now,
    advance: (seconds: number) => {
      now += seconds * 1000
    }
  }
}

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

describe("access", () => {
  it("answers under every base the app has", async () => {
    const sim = await start()
    for (const base of ["/api", "/api/gateway.php/acme", ""]) {
      assert.match((await read(sim, `${base}/v1/employees/0`)).id, /^\d+$/)
      const body = JSON.stringify({ fields: ["eeid"] })
      const response = await fetch(`${sim.url}${base}/v2/datasets/employee/data`, {
        method: "POST",
        headers: headers(sim),
        body
      })
      assert.strictEqual(response.status, 200, base)
    }
    assert.strictEqual((await get(sim, "/api/gateway.php/other/v1/employees/0")).status, 401)
  })

  it("refuses a bad key with an empty 401 whose reason is in a header", async () => {
    const sim = await start()
    const response = await get(sim, "/api/gateway.php/acme/v1/employees/0", { authorization: basic("wrong") })
    assert.strictEqual(response.status, 401)
    assert.strictEqual(await response.text(), "")
    assert.strictEqual(response.headers.get("x-bamboohr-error-message"), "API key not provided or invalid")
    assert.match(response.headers.get("www-authenticate") ?? "", /^Basic realm=".*acme"$/)
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/)
  })

  it("locks everybody out after repeated bad keys, and lets them in again later", async () => {
    const time = clock()
    const sim = await start({ now: time.now, lockout: { after: 3, forMillis: 60_000 } })
    for (let index = 0; index < 3; index++) {
      assert.strictEqual((await get(sim, "/v1/employees/0", { authorization: basic("wrong") })).status, 401)
    }
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 403, "the good key too")
    time.advance(61)
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 200)
  })

  it("limits the rate with 429 and Retry-After", async () => {
    const time = clock()
    const sim = await start({ now: time.now, rateLimit: { requests: 2, perMillis: 10_000 } })
    const statuses = []
    for (let index = 0; index < 3; index++) statuses.push((await get(sim, "/v1/employees/0")).status)
    assert.deepStrictEqual(statuses, [200, 200, 429])
    assert.strictEqual((await get(sim, "/v1/employees/0")).headers.get("retry-after"), "10")
    time.advance(10)
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 200)
  })

  it("takes and revokes keys through control", async () => {
    const sim = await start({ apiKey: "first" })
    sim.control.revokeKey()
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 401)
    sim.control.restoreKey("second")
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 401)
    assert.strictEqual((await get(sim, "/v1/employees/0", { authorization: basic("second") })).status, 200)
    sim.control.restoreKey()
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 200)
  })

  it("leaves out what the key may not see", async () => {
    const sim = await start({ hiddenFields: ["workEmail", "email", "compensation"] })
    const listed = await read(sim, "/v1/employees?page[limit]=1&fields=workEmail")
    assert.strictEqual(listed.data[0].workEmail, null)
    assert.deepStrictEqual(listed.data[0]._restrictedFields, ["workEmail"])
    assert.notProperty(await read(sim, `/v1/employees/${listed.data[0].employeeId}?fields=workEmail`), "workEmail")
    assert.notProperty((await rows(sim, { fields: ["eeid", "email"] })).data[0].fields, "email")
    assert.strictEqual((await get(sim, "/v1/employees/all/tables/compensation")).status, 404)
  })
})

describe("OAuth", () => {
  const redirect = "http://127.0.0.1:1/callback"
  const consent = async (sim: BambooHRSimulator, scope: string, more = "") => {
    const query = new URLSearchParams({
      request: "authorize",
      response_type: "code",
      client_id: "app",
      redirect_uri: redirect,
      scope,
      state: "s 1"
    })
    const response = await fetch(`${sim.url}/authorize.php?${query}${more}`, { redirect: "manual" })
    assert.strictEqual(response.status, 302)
    const target = new URL(response.headers.get("location") ?? "")
    assert.strictEqual(target.searchParams.get("state"), "s 1")
    assert.strictEqual(target.origin + target.pathname, redirect)
    return target.searchParams.get("code") ?? ""
  }
  const token = async (sim: BambooHRSimulator, form: Record<string, string>) => {
    const response = await fetch(`${sim.url}/token.php?request=token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "app", client_secret: "shh", redirect_uri: redirect, ...form })
    })
    return { status: response.status, body: (await response.json()) as Json }
  }
  const whoAmI = async (sim: BambooHRSimulator, access: string) =>
    (await get(sim, "/v1/employees/0", { authorization: `Bearer ${access}` })).status

  it("gives tokens for a code, once, and refreshes them after they expire", async () => {
    const time = clock()
    const sim = await start({ now: time.now, oauth: { clientId: "app", clientSecret: "shh", accessTokenSeconds: 60 } })
    const code = await consent(sim, "employee offline_access")
    const first = await token(sim, { grant_type: "authorization_code", code })
    assert.strictEqual(first.status, 200)
    assert.strictEqual(first.body.expires_in, 60)
    assert.strictEqual(await whoAmI(sim, first.body.access_token), 200)
    const again = await token(sim, { grant_type: "authorization_code", code })
    assert.deepStrictEqual([again.status, again.body.error], [400, "invalid_grant"])
    time.advance(61)
    assert.strictEqual(await whoAmI(sim, first.body.access_token), 401)
    const fresh = await token(sim, { grant_type: "refresh_token", refresh_token: first.body.refresh_token })
    assert.strictEqual(await whoAmI(sim, fresh.body.access_token), 200)
    assert.strictEqual(fresh.body.refresh_token, first.body.refresh_token, "no rotation unless asked for")
    sim.control.expireTokens()
    assert.strictEqual(await whoAmI(sim, fresh.body.access_token), 401)
    const wrong = await token(sim, {
      grant_type: "refresh_token",
      refresh_token: first.body.refresh_token,
      client_secret: "no"
    })
    assert.deepStrictEqual([wrong.status, wrong.body.error], [401, "invalid_client"])
  })

  it("rotates refresh tokens when told, and gives none without offline_access", async () => {
    const sim = await start({ oauth: { rotateRefreshTokens: true } })
    const without = await token(sim, { grant_type: "authorization_code", code: await consent(sim, "employee") })
    assert.notProperty(without.body, "refresh_token")
    const first = await token(sim, { grant_type: "authorization_code", code: await consent(sim, "offline_access") })
    const second = await token(sim, { grant_type: "refresh_token", refresh_token: first.body.refresh_token })
    assert.notStrictEqual(second.body.refresh_token, first.body.refresh_token)
    const reused = await token(sim, { grant_type: "refresh_token", refresh_token: first.body.refresh_token })
    assert.strictEqual(reused.body.error, "invalid_grant")
    sim.control.expireTokens({ refresh: true })
    const ended = await token(sim, { grant_type: "refresh_token", refresh_token: second.body.refresh_token })
    assert.strictEqual(ended.body.error, "invalid_grant")
  })

  it("checks the code verifier", async () => {
    const sim = await start()
    const challenge = createHash("sha256").update("verifier").digest("base64url")
    const more = `&code_challenge=${challenge}&code_challenge_method=S256`
    const bad = await token(sim, {
      grant_type: "authorization_code",
      code: await consent(sim, "", more),
      code_verifier: "x"
    })
    assert.strictEqual(bad.body.error, "invalid_grant")
    const good = await token(sim, {
      grant_type: "authorization_code",
      code: await consent(sim, "", more),
      code_verifier: "verifier"
    })
    assert.strictEqual(good.status, 200)
  })
})

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
