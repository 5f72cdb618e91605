import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { littleMemory } from "@crochet/proof/World"
import { lacking, type Started } from "../src/cli/LittleMemory.ts"
import { folder, type Program, serving, start, stop } from "./Program.ts"

const youngSpace = "--max-semi-space-size=16"
const oldSpace = "--max-old-space-size=1024"
const flags = [youngSpace, oldSpace]
const variables = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "131072" }

const bare: Started = { platform: "linux", execArgv: [], environment: {}, heapLimit: 4144 * 1024 * 1024 }

describe("what a start lacks", () => {
  it("is what a soak runs with, when nobody has set anything", () => {
    assert.deepStrictEqual(lacking(bare), { flags, variables })
    assert.deepStrictEqual({ NODE_OPTIONS: flags.join(" "), ...variables }, littleMemory)
  })

  it("is nothing after a start with it, so that no process starts itself again for ever", () => {
    assert.deepStrictEqual(lacking({ ...bare, execArgv: flags, environment: variables }), { flags: [], variables: {} })
  })

  it("leaves flags as somebody has set them, in either spelling, also in NODE_OPTIONS", () => {
    for (const old of ["--max-old-space-size=4096", "--max_old_space_size=512", "--max-old-space-size-percentage=50"])
      assert.deepStrictEqual(lacking({ ...bare, execArgv: ["--inspect", old] }).flags, [youngSpace])
    assert.deepStrictEqual(
      lacking({ ...bare, environment: { NODE_OPTIONS: "--enable-source-maps  --max-semi-space-size=64" } }).flags,
      [oldSpace]
    )
  })

  it("leaves the allocator to whoever has set anything of it", () => {
    for (const name of ["MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES", "LD_PRELOAD"])
      assert.deepStrictEqual(lacking({ ...bare, environment: { [name]: "2" } }), { flags, variables: {} })
  })

  it("leaves glibc's variables out where there is no glibc", () => {
    assert.deepStrictEqual(lacking({ ...bare, platform: "darwin" }), { flags, variables: {} })
  })

  it("never lets the heap grow beyond what Node has chosen for a small container", () => {
    assert.deepStrictEqual(lacking({ ...bare, heapLimit: 300 * 1024 * 1024 }).flags, [youngSpace])
  })
})

/** A folder whose config file tells how the process that reads it was started. */
const telling = () => {
  const directory = folder()
  writeFileSync(
    join(directory, "crochet.config.ts"),
    `import { writeFileSync } from "node:fs"
import { defineConfig } from "@crochet/runtime-node"
const { pid, execArgv, env } = process
writeFileSync("started.json", JSON.stringify({ pid, execArgv, env }))
export default defineConfig({ connectors: [] })
`
  )
  return directory
}
const told = (directory: string): { pid: number; execArgv: Array<string>; env: Record<string, string> } =>
  JSON.parse(readFileSync(join(directory, "started.json"), "utf8"))

const added = (directory: string) => told(directory).execArgv.filter((flag) => flags.includes(flag))

const ended = async (program: Program) => assert.strictEqual(await stop(program), 0, program.output())

describe.skipIf(process.execve === undefined)("crochet", () => {
  it("serve starts itself with it in the place of the process that somebody started", async () => {
    const directory = telling()
    const program = await serving(directory)
    assert.deepStrictEqual(added(directory), flags)
    const { env, pid } = told(directory)
    assert.strictEqual(pid, program.child.pid)
    if (process.platform === "linux") assert.include(env, variables)
    await ended(program)
  })

  it("serve stays as it was started when nothing is lacking", async () => {
    const directory = telling()
    const program = await serving(directory, littleMemory)
    assert.deepStrictEqual(added(directory), [])
    await ended(program)
  })

  it("serve keeps the channel of whoever started it with one", async () => {
    const directory = telling()
    const program = await serving(directory, {}, { armed: true })
    assert.deepStrictEqual(added(directory), [])
    assert.isTrue(program.child.connected)
    await ended(program)
  })

  it("serve answers a bad argument as before", async () => {
    const program = start(folder(), ["serve", "--prot", "8080"])
    assert.strictEqual(await program.exit, 2)
    assert.match(program.output(), /--prot/)
  })

  it("commands that end soon are not started twice", async () => {
    const directory = telling()
    const program = start(directory, ["doctor"])
    await program.exit
    assert.deepStrictEqual(added(directory), [])
  })
})
