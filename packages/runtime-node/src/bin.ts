#!/usr/bin/env node
import { run } from "./cli/Main.ts"

run(process.argv.slice(2))
