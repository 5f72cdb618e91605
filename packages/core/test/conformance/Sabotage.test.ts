import { assert, describe, it } from "@effect/vitest"
import { ConnectorConformance } from "@crochet/core/testing"
import { sabotages } from "./Sabotages.ts"
import { sandbox } from "./TinyApp.ts"

describe("the kit fails on a connector that", () => {
  for (const { check, connector, name, says } of sabotages) {
    it(name, async () => {
      // In a world where others were before: what they leave behind must not hide it.
      const stage = new ConnectorConformance.Stage(true)
      const cases = ConnectorConformance.cases({ connector, sandbox, stage })
      const wanted = cases.filter(({ title }) => title.includes(check))
      assert.lengthOf(wanted, 1, `"${check}" must name one check`)
      await cases
        .find(({ title }) => title.includes("every model that is SUPPORTED"))!
        .run()
        .catch(() => undefined)
      const outcome = await wanted[0]!.run().catch((error: unknown) => error)
      await stage.close()
      assert.instanceOf(outcome, Error, `the check "${wanted[0]!.title}" passed`)
      assert.notInstanceOf(outcome, ConnectorConformance.Skipped)
      assert.match((outcome as Error).message, says)
    })
  }
})
