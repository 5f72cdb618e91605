import { assert, describe, it } from "vitest"
import { apps } from "../../demo/Apps.ts"
import { read } from "../../demo/CommandLine.ts"

describe("the demo's command line", () => {
  it("takes BambooHR when no app is named, and any that it knows by its id", () => {
    const asked = read([], apps)
    assert.strictEqual(asked.app?.id, "bamboohr")
    for (const app of apps) {
      assert.deepStrictEqual(read(["--app", app.id, "--once"], apps), { app, once: true })
    }
  })

  it("names the apps in its help", () => {
    const asked = read(["--help"], apps)
    assert.isUndefined(asked.app)
    if (asked.app !== undefined) return
    assert.strictEqual(asked.code, 0)
    for (const { id, name, records } of apps) assert.match(asked.say, new RegExp(`\\b${id} +${records} of ${name}`))
  })

  it.each([
    [["--app", "workdaze"], /no app "workdaze"\. It has .*bamboohr/],
    [["--ap", "bamboohr"], /'--ap'[^]*--help/],
    [["--app"], /--app[^]*--help/],
    [["bamboohr"], /bamboohr[^]*--help/]
  ])("refuses %j and says what there is", (args, message) => {
    const asked = read(args, apps)
    assert.isUndefined(asked.app)
    if (asked.app !== undefined) return
    assert.strictEqual(asked.code, 2)
    assert.match(asked.say, message)
  })
})
