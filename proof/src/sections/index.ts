import type { Section } from "../Section.ts"
import * as Canaries from "./canaries.ts"
import * as DatabaseFaults from "./databaseFaults.ts"
import * as Egress from "./egress.ts"
import * as FaultFree from "./faultFree.ts"
import * as Hanging from "./hanging.ts"
import * as Herd from "./herd.ts"
import * as Kills from "./kills.ts"
import * as Replay from "./replay.ts"
import * as Rolling from "./rolling.ts"
import * as ServerFaults from "./serverFaults.ts"
import * as Simulation from "./simulation.ts"
import * as Soak from "./soak.ts"
import * as Stops from "./stops.ts"

/** Every part of the proof, in the order in which it runs. */
export const sections: ReadonlyArray<Section> = [
  Simulation.section,
  Egress.section,
  Kills.onSqlite,
  Kills.onPostgres,
  Stops.section,
  DatabaseFaults.onSqlite,
  ServerFaults.section,
  Rolling.section,
  Canaries.section,
  Soak.section,
  Herd.section,
  Replay.onSqlite,
  Replay.onPostgres,
  FaultFree.onSqlite,
  Hanging.section
]
