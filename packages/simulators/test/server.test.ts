import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { afterEach, assert, describe, it } from "vitest"
import { type BambooHROptions, type BambooHRSimulator, type Fault, InvalidInput, startBambooHR } from "../src/index.ts"

const running: Array<BambooHRSimulator> = []
const start = async (options: BambooHROptions = {}) => {
  const sim = await startBambooHR({ employees: 30, ...options })
  running.push(sim)
  return sim
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()))
})

// What a foreign API answers has no type; the assertions are its check.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>
const get = (sim: BambooHRSimulator, path: string, init: RequestInit = {}) =>
  fetch(sim.url + path, {
    ...init,
    headers: { authorization: `Basic ${btoa(`${sim.apiKey}:x`)}`, accept: "application/json" }
  })
const list = "/v1/employees?page[limit]=10"
const control = async (sim: BambooHRSimulator, command: string, input?: unknown, init: RequestInit = {}) => {
  const body = input === undefined ? null : typeof input === "string" ? input : JSON.stringify(input)
  const response = await fetch(`${sim.url}/_control/${command}`, { method: "POST", body, ...init })
  return { status: response.status, body: (await response.json()) as Json }
}

describe("faults", () => {
  const withFault = async (fault: Fault) => {
    const sim = await start()
    sim.control.fault(fault)
    return sim
  }

  it("status", async () => {
    const sim = await withFault({ kind: "status", status: 503, retryAfter: 7 })
    const response = await get(sim, list)
    assert.deepStrictEqual(
      [response.status, response.headers.get("retry-after"), await response.text()],
      [503, "7", ""]
    )
    assert.strictEqual((await get(sim, list)).status, 200, "once only")
  })

  it("rate-limit, with and without Retry-After", async () => {
    const sim = await withFault({ kind: "rate-limit", retryAfter: 3 })
    const first = await get(sim, list)
    assert.deepStrictEqual([first.status, first.headers.get("retry-after")], [429, "3"])
    sim.control.fault({ kind: "rate-limit", retryAfter: null })
    assert.strictEqual((await get(sim, list)).headers.get("retry-after"), null)
  })

  it("hang: no answer, until the simulator is closed", async () => {
    const sim = await withFault({ kind: "hang" })
    const pending = get(sim, list).then(
      () => "answered",
      () => "broken"
    )
    // A second request that is answered shows that the first has long been read.
    while (sim.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    assert.strictEqual((await get(sim, list)).status, 200)
    assert.deepInclude(sim.requests[0], { status: 0, fault: "hang" })
    await sim.close()
    assert.strictEqual(await pending, "broken")
  })

  it("reset: the connection breaks before the first byte", async () => {
    const sim = await withFault({ kind: "reset" })
    const error = await get(sim, list).then(
      () => undefined,
      (reason: Error & { cause?: { code?: string } }) => reason
    )
    assert.include(["ECONNRESET", "UND_ERR_SOCKET"], error?.cause?.code)
    assert.strictEqual((await get(sim, list)).status, 200)
  })

  it("truncate: the connection breaks in the middle of the body", async () => {
    const sim = await withFault({ kind: "truncate" })
    const outcome = await get(sim, list)
      .then((response) => response.text())
      .then(
        () => "whole",
        () => "broken"
      )
    assert.strictEqual(outcome, "broken")
  })

  it("html: a page where JSON was expected", async () => {
    const sim = await withFault({ kind: "html" })
    const response = await get(sim, list)
    assert.strictEqual(response.status, 200)
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/)
    assert.match(await response.text(), /^<!DOCTYPE html>/)
  })

  it("empty-list: nobody, and totals that agree", async () => {
    const sim = await withFault({ kind: "empty-list", times: Infinity })
    const listed = (await (await get(sim, list)).json()) as Json
    assert.deepStrictEqual(listed.data, [])
    assert.deepStrictEqual(listed.meta, { total: 0, page: { limit: 10, nextCursor: null, prevCursor: null } })
    assert.notProperty(listed._links, "next")
    const body = JSON.stringify({ fields: ["eeid"] })
    const data = (await (await get(sim, "/v2/datasets/employee/data", { method: "POST", body })).json()) as Json
    assert.deepStrictEqual(data, {
      data: [],
      links: [],
      meta: { page: 1, pageSize: 100, totalPages: 0, totalItems: 0 }
    })
    assert.deepStrictEqual(await (await get(sim, "/v1/employees/all/tables/jobInfo")).json(), [])
    assert.deepStrictEqual(((await (await get(sim, "/v1/employees/directory")).json()) as Json).employees, [])
  })

  it("drop-page: the records are missing, totals and next page are not", async () => {
    const sim = await withFault({ kind: "drop-page" })
    const listed = (await (await get(sim, list)).json()) as Json
    assert.deepStrictEqual(listed.data, [])
    assert.strictEqual(listed.meta.total, 30)
    assert.typeOf(listed.meta.page.nextCursor, "string")
  })

  it("slow: the true answer, late", async () => {
    const sim = await withFault({ kind: "slow", delayMillis: 60 })
    const begun = performance.now()
    const response = await get(sim, list)
    assert.strictEqual(((await response.json()) as Json).data.length, 10)
    assert.isAtLeast(performance.now() - begun, 55)
  })

  it("hit only what they match, after so many, so often", async () => {
    const sim = await start()
    sim.control.fault({
      kind: "status",
      status: 500,
      match: { method: "GET", path: "page[after]" },
      after: 1,
      times: 2
    })
    const cursor = ((await (await get(sim, list)).json()) as Json).meta.page.nextCursor
    const statuses = []
    for (let index = 0; index < 4; index++) statuses.push((await get(sim, `${list}&page[after]=${cursor}`)).status)
    assert.deepStrictEqual(statuses, [200, 500, 500, 200])
    assert.deepStrictEqual(sim.control.faults(), [])
    sim.control.fault({ kind: "status", times: Infinity })
    assert.strictEqual((await get(sim, list)).status, 500)
    assert.strictEqual(sim.control.faults()[0]?.hits, 1)
    assert.strictEqual(sim.control.clearFaults(), 1)
    assert.strictEqual((await get(sim, list)).status, 200)
  })

  it("are refused with the name of the bad field", async () => {
    const sim = await start()
    for (const [fault, field] of [
      [{ kind: "explode" }, "kind"],
      [{ kind: "slow", delayMillis: -1 }, "delayMillis"],
      [{ kind: "status", times: 0 }, "times"],
      [{ kind: "status", match: { url: "x" } }, "match.url"],
      [{ kind: "status", status: 99 }, "status"]
    ] as const) {
      try {
        sim.control.fault(fault as Fault)
        assert.fail(`took ${JSON.stringify(fault)}`)
      } catch (error) {
        assert.ok(error instanceof InvalidInput, String(error))
        assert.strictEqual(error.field, field)
      }
    }
  })
})

describe("answers", () => {
  it("mean the same in shuffled form but are written otherwise each time", async () => {
    const sim = await start()
    const path = "/v1/employees/all/tables/compensation"
    const plain = await (await get(sim, path)).text()
    sim.control.shuffleKeys(true)
    const texts = new Set<string>()
    for (let index = 0; index < 3; index++) {
      const text = await (await get(sim, path)).text()
      texts.add(text)
      assert.deepStrictEqual(JSON.parse(text), JSON.parse(plain))
    }
    assert.strictEqual(texts.size, 3)
    assert.notInclude([...texts], plain)
    sim.control.shuffleKeys(false)
    assert.strictEqual(await (await get(sim, path)).text(), plain)
  })

  it("carry the date of the simulator's clock", async () => {
    const sim = await start({ now: () => Date.parse("2026-02-03T04:05:06Z") })
    assert.strictEqual((await get(sim, list)).headers.get("date"), "Tue, 03 Feb 2026 04:05:06 GMT")
  })

  it("are logged without secrets", async () => {
    const sim = await start()
    await get(sim, "/v1/employees?fields=a&fields=b&access_token=hidden-token")
    await fetch(`${sim.url}/authorize.php?request=authorize&code=hidden-code&client_id=app`)
    assert.deepInclude(sim.requests[0], {
      method: "GET",
      path: "/v1/employees",
      query: { fields: ["a", "b"], access_token: "[redacted]" },
      status: 200,
      authorization: "basic"
    })
    assert.deepInclude(sim.requests[1], { path: "/authorize.php", status: 400, authorization: "none" })
    const text = JSON.stringify(sim.requests)
    for (const secret of ["hidden", sim.apiKey, btoa(`${sim.apiKey}:x`)]) assert.notInclude(text, secret)
    assert.strictEqual(sim.control.clearRequests(), 2)
    assert.strictEqual(sim.requests.length, 0)
  })
})

describe("control over HTTP", () => {
  it("does what the methods do", async () => {
    const sim = await start()
    const hired = await control(sim, "hire", { count: 2 })
    assert.strictEqual(hired.body.hired.length, 2)
    const [{ id }] = hired.body.hired
    const changed = await control(sim, "change", { id, fields: { jobTitle: "Team Lead" } })
    assert.strictEqual(changed.body.jobTitle, "Team Lead")
    assert.strictEqual((await control(sim, "fire", { id, reason: "Moved away" })).body.status, "Inactive")
    assert.deepStrictEqual((await control(sim, "remove", { id })).body, { id, deleted: true })
    assert.deepStrictEqual((await control(sim, "count")).body, { ...sim.control.count() })
    assert.strictEqual(sim.control.count().deleted, 1)
    const employeeId = hired.body.hired[1].id
    const leave = await control(sim, "addLeave", { employeeId, start: "2026-08-03", end: "2026-08-04", type: "Sick" })
    assert.strictEqual(
      (await control(sim, "changeLeave", { id: leave.body.id, status: "denied" })).body.status,
      "denied"
    )
    const dependents = [{ firstName: "Ada", relationship: "Child" }]
    assert.strictEqual((await control(sim, "changeDependents", { id: employeeId, dependents })).body.dependents, 1)
    const page = await control(sim, "employees?status=Active&limit=2&offset=1", undefined, { method: "GET" })
    assert.deepStrictEqual(
      page.body.employees,
      JSON.parse(JSON.stringify(sim.control.list({ status: "Active", limit: 2, offset: 1 })))
    )
    const armed = await control(sim, "fault", { kind: "status", status: 418, times: "Infinity" })
    assert.strictEqual(armed.body.left, "Infinity")
    assert.strictEqual((await get(sim, list)).status, 418)
    assert.strictEqual((await control(sim, "clearFaults")).body.cleared, 1)
    await control(sim, "revokeKey")
    assert.strictEqual((await get(sim, list)).status, 401)
    await control(sim, "restoreKey")
    assert.strictEqual((await get(sim, list)).status, 200)
    assert.strictEqual((await control(sim, "expireTokens")).body.ended, 0)
    assert.deepStrictEqual((await control(sim, "shuffleKeys", { on: true })).body, { ok: true })
    assert.strictEqual((await control(sim, "requests")).body.requests.length, 3, "control itself is not logged")
    const index = (await (await fetch(`${sim.url}/_control`)).json()) as Json
    assert.isAbove(index.commands.length, 15)
  })

  it("answers 400 with the name of the bad field", async () => {
    const sim = await start()
    for (const [command, input, field] of [
      ["hire", { count: 0 }, "count"],
      ["hire", { people: 3 }, "people"],
      ["hire", { employees: [{ salary: 1 }] }, "salary"],
      ["change", { id: "5" }, "fields"],
      ["change", { id: "99999", fields: { city: "X" } }, "id"],
      ["fire", {}, "id"],
      ["fire", { id: "5", date: "soon" }, "date"],
      ["addLeave", { employeeId: "5", start: "2026-01-01", end: "2026-01-02", type: "Nap" }, "type"],
      ["shuffleKeys", { on: "yes" }, "on"],
      ["fault", { kind: "status", times: "many" }, "times"],
      ["hire", "{", "body"],
      ["hire", "[]", "body"]
    ] as const) {
      const { body, status } = await control(sim, command, input)
      assert.deepStrictEqual([status, body.error?.field], [400, field], `${command} ${JSON.stringify(input)}`)
      assert.include(body.error.message, field)
    }
    assert.strictEqual(sim.control.count().total, 30)
  })

  it("changes nothing by GET, for unknown commands or for a web page", async () => {
    const sim = await start()
    assert.strictEqual((await control(sim, "hire", undefined, { method: "GET" })).status, 405)
    assert.strictEqual((await control(sim, "explode")).status, 404)
    assert.strictEqual((await control(sim, "toString")).status, 404)
    const headers = { origin: "https://evil.example" }
    assert.strictEqual((await control(sim, "hire", undefined, { headers })).status, 403)
    assert.strictEqual(sim.control.count().total, 30)
  })
})

describe("the command", () => {
  const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url))
  const run = (...args: ReadonlyArray<string>) => {
    const child = spawn(process.execPath, ["--conditions=@crochet/source", bin, ...args], {
      stdio: ["ignore", "pipe", "pipe"]
    })
    let output = ""
    const waiting: Array<() => void> = []
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
      for (const check of waiting) check()
    }
    child.stdout.on("data", collect)
    child.stderr.on("data", collect)
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
    const until = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(output)
          if (match !== null) resolve(match)
        }
        waiting.push(check)
        check()
        void ended.then(() => reject(new Error(`ended without ${pattern}: ${output}`)))
      })
    return { child, ended, until, output: () => output }
  }

  it("serves and says how to point Crochet at it", async () => {
    const command = run("bamboohr", "--port", "0", "--employees", "12", "--key", "my-key")
    const [, url] = await command.until(/CROCHET_BASE_URL_BAMBOOHR=(http:\/\/127\.0\.0\.1:\d+)/)
    await command.until(/CROCHET_EGRESS_ALLOW=127\.0\.0\.0\/8/)
    const headers = { authorization: `Basic ${btoa("my-key:x")}` }
    const body = (await (await fetch(`${url}/api/v1/employees`, { headers })).json()) as Json
    assert.strictEqual(body.meta.total, 12)
    command.child.kill("SIGTERM")
    assert.strictEqual(await command.ended, 0)
  })

  it("explains itself and refuses bad arguments", async () => {
    const help = run("--help")
    assert.strictEqual(await help.ended, 0)
    assert.include(help.output(), "bamboohr")
    const helpOfOne = run("bamboohr", "--help")
    assert.strictEqual(await helpOfOne.ended, 0)
    assert.include(helpOfOne.output(), "--employees")
    for (const [args, hint] of [
      [[], "which app"],
      [["workday"], "workday"],
      [["bamboohr", "--employees", "many"], "--employees"],
      [["bamboohr", "--nonsense"], "--nonsense"],
      [["bamboohr", "--subdomain", "a b"], "subdomain"]
    ] as const) {
      const bad = run(...args)
      assert.strictEqual(await bad.ended, 2, args.join(" "))
      assert.include(bad.output(), hint)
    }
  })
})
