import { assert, describe, it } from "vitest"
import { read } from "../src/command/Arguments.ts"
import type { Command, Started } from "../src/command/Command.ts"
import { commands } from "../src/command/Commands.ts"
import { welcome } from "../src/command/Welcome.ts"

const never = () => Promise.reject(new Error("not to be started"))
const loom: Command = {
  id: "loom-people",
  name: "Loom",
  options: {
    people: { kind: "number", help: "how many" },
    token: { kind: "text", help: "which" },
    loud: { kind: "switch", help: "noise" }
  },
  start: never
}
const wool: Command = {
  id: "wool",
  name: "Wool",
  options: { sheep: { kind: "number", help: "how many" } },
  start: never
}
const all = [loom, wool]

describe("the command line", () => {
  it("gives an app its own options, and what every app has in the shape of its options", () => {
    const asked = read(["loom-people", "--people", "7", "--loud", "--port", "0", "--seed", "3", "--rate", "5"], all)
    assert.strictEqual(asked.kind, "start")
    if (asked.kind !== "start") return
    assert.strictEqual(asked.command, loom)
    assert.strictEqual(asked.given.number("people"), 7)
    assert.isUndefined(asked.given.text("token"))
    assert.isTrue(asked.given.on("loud"))
    assert.deepStrictEqual(asked.common, { port: 0, seed: 3, rateLimit: { requests: 5, perMillis: 1000 } })
  })

  it("leaves what was not given to the simulator", () => {
    const asked = read(["wool"], all)
    assert.strictEqual(asked.kind, "start")
    if (asked.kind !== "start") return
    assert.deepStrictEqual(asked.common, { port: 9200 })
    assert.isUndefined(asked.given.number("sheep"))
    assert.isFalse(asked.given.on("loud"))
  })

  it("takes the app's name after its options too", () => {
    const asked = read(["--people", "7", "loom-people"], all)
    assert.strictEqual(asked.kind === "start" ? asked.command.id : asked.kind, "loom-people")
  })

  it.each([
    [[], "which app? Known are: loom-people, wool"],
    [["silk"], 'no simulator "silk"; known are: loom-people, wool'],
    [["silk", "--help"], 'no simulator "silk"; known are: loom-people, wool'],
    [["loom-people", "wool"], 'no simulator "loom-people wool"; known are: loom-people, wool'],
    [["wool", "--people", "7"], "--people is no option of wool; it has --sheep, --port, --seed, --rate, --help"],
    [["wool", "--sheep", "many"], '--sheep must be a whole number, got "many"'],
    [["wool", "--port", "-1"], /--port/],
    [["wool", "--fleece"], /--fleece/]
  ])("refuses %j, saying what there is", (args, message) => {
    const asked = read(args, all)
    assert.strictEqual(asked.kind, "refused")
    if (asked.kind !== "refused") return
    if (typeof message === "string") assert.strictEqual(asked.message, message)
    else assert.match(asked.message, message)
  })

  it("helps with all apps, or with one", () => {
    const text = (args: ReadonlyArray<string>) => {
      const asked = read(args, all)
      return asked.kind === "help" ? asked.text : asked.kind
    }
    assert.match(text(["--help"]), /loom-people +Loom\n +wool +Wool/)
    assert.notInclude(text(["--help"]), "--sheep")
    assert.include(text(["wool", "--help"]), "--sheep <number>")
    assert.notInclude(text(["wool", "--help"]), "--people")
    assert.include(text(["loom-people", "--help"]), "--loud  ")
  })

  it("tells how to point Crochet at what was started", () => {
    const started: Started = {
      title: "Loom simulator with 7 people",
      url: "http://127.0.0.1:1",
      account: [["token", "t"]],
      environment: [["CROCHET_OAUTH_LOOM_PEOPLE_CLIENT_ID", "c"]],
      look: "http://127.0.0.1:1/people",
      control: [["people?limit=5"], ["hire", '{"count": 3}']],
      close: () => Promise.resolve()
    }
    const text = welcome(loom, started)
    for (const line of [
      "  CROCHET_BASE_URL_LOOM_PEOPLE=http://127.0.0.1:1",
      "  CROCHET_OAUTH_LOOM_PEOPLE_CLIENT_ID=c",
      "  CROCHET_EGRESS_ALLOW=127.0.0.0/8",
      "  token    t",
      "  curl http://127.0.0.1:1/people",
      "  curl 'http://127.0.0.1:1/_control/people?limit=5'",
      `  curl http://127.0.0.1:1/_control/hire -d '{"count": 3}'`
    ]) {
      assert.include(text.split("\n"), line)
    }
  })
})

describe("the apps of the command line", () => {
  it("have ids of their own, and mean the same kind by an option of the same name", () => {
    assert.strictEqual(new Set(commands.map(({ id }) => id)).size, commands.length)
    const kinds = new Map<string, string>([
      ["port", "number"],
      ["seed", "number"],
      ["rate", "number"],
      ["help", "switch"]
    ])
    for (const { id, options } of commands) {
      for (const [name, { kind }] of Object.entries(options)) {
        assert.strictEqual(kinds.get(name) ?? kind, kind, `--${name} of ${id}`)
        kinds.set(name, kind)
      }
    }
  })

  it.each(commands.map((command) => [command.id, command] as const))("%s starts and ends", async (_, command) => {
    const asked = read([command.id, "--port", "0"], commands)
    assert.strictEqual(asked.kind, "start")
    if (asked.kind !== "start") return
    const started = await command.start(asked.given, asked.common)
    try {
      assert.match(started.url, /^http:\/\/127\.0\.0\.1:\d+$/)
      const control = await fetch(`${started.url}/_control`)
      assert.strictEqual(control.status, 200)
      // What is said to be worth trying must be there to try.
      const known = await control.text()
      for (const [path] of started.control) assert.include(known, path.replace(/\?.*/, ""), command.id)
    } finally {
      await started.close()
    }
  })
})
