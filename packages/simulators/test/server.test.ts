import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { control, get, type Json, list, start } from "./ServerSetup.ts"

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
