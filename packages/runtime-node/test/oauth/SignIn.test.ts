import { suite } from "./SignInSuite.ts"
import { sqlite } from "./World.ts"

suite("SQLite", sqlite)
