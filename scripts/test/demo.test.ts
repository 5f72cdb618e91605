import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

const main = fileURLToPath(new URL("../../demo/main.ts", import.meta.url))

/** The demo from its sources, as `npm run demo -- --once` runs it when everything is built. */
const runDemo = () =>
  new Promise<{ readonly code: number | null; readonly text: string }>((resolve) => {
    const child = spawn(process.execPath, ["--conditions=@crochet/source", main, "--once"])
    let text = ""
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => void (text += chunk.toString("utf8")))
    child.once("close", (code) => resolve({ code, text }))
  })

it("every claim of the demo holds", { timeout: 90_000 }, async () => {
  const { code, text } = await runDemo()
  assert.notInclude(text, "✗", text)
  assert.include(text, "Everything held", text)
  assert.strictEqual(text.match(/✓/g)?.length, 17, text)
  assert.strictEqual(code, 0, text)
})
