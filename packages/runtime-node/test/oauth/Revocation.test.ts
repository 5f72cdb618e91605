import { suite } from "./RevocationSuite.ts"
import { sqlite } from "./World.ts"

suite("SQLite", sqlite)
