#!/usr/bin/env node
import { restartWithLittleMemory } from "./cli/LittleMemory.ts"

const args = process.argv.slice(2)
if (args[0] === "serve") restartWithLittleMemory()

// Not loaded twice for a server that is started again.
const { run } = await import("./cli/Main.ts")
run(args)
