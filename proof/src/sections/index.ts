import type { Section } from "../Section.ts"
import * as Kills from "./kills.ts"

/** Every part of the proof, in the order in which it runs. */
export const sections: ReadonlyArray<Section> = [Kills.onSqlite]
