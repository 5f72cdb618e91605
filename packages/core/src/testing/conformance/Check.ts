import type { Connector } from "../../connector/Connector.ts"
import type { AnyResource } from "../../connector/Resource.ts"
import * as JsonPath from "../../filter/JsonPath.ts"
import { isAbsent, type Population, type Sandbox, type TrueRecord } from "./Sandbox.ts"
import type { Change, Outcome } from "./Outcome.ts"
import { Stage, type Wish } from "./Stage.ts"
import { start } from "./Opening.ts"
import { visibleAfter, type World, type WorldOptions } from "./World.ts"

/** What is judged. */
export interface Subject {
  readonly connector: Connector
  readonly sandbox: Sandbox
  /** Models that are `SUPPORTED` but that the sandbox has nothing for, by key; otherwise they fail the coverage check. */
  readonly unfilled?: ReadonlyArray<string>
  /** Parts of paths whose 404 only says that the account has no such thing, which no issue need mention. */
  readonly optionalPaths?: ReadonlyArray<string>
  /**
   * Ids of data types of which each stands for one way of reading, for a connector with many: the others are read by the
   * same code, and only what they declare and map is checked. All by default.
   */
  readonly ways?: ReadonlyArray<string>
  /** Where checks get their worlds; without one each has its own. */
  readonly stage?: Stage
}

/** A check of the whole connector, or of each of its data types. */
export type Check = {
  /** Its numbers in the table of 62 checks. */
  readonly numbers: ReadonlyArray<number>
  /** What is true when it passes. */
  readonly title: string
} & (
  | { readonly of: "connector"; readonly run: (subject: Subject) => Promise<void> }
  | { readonly of: "resource"; readonly run: (subject: Subject, resource: AnyResource) => Promise<void> }
)

/** The check does not apply; it is reported as skipped with the reason. */
export class Skipped extends Error {
  override readonly name = "Skipped"
}

/** The connector does not do what a check demands. */
export class Violation extends Error {
  override readonly name = "Violation"
}

/** Demands something of the connector. */
export function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Violation(otherwise)
}

/**
 * Runs a check in a world with the account connected. It may be one that others have used and left as it was; what fails
 * there is judged again in a world of its own, so that nobody is blamed for what another check left behind.
 */
export const inWorld = async (
  subject: Subject,
  check: (world: World) => Promise<void>,
  wish: Wish = {}
): Promise<void> => {
  const { stage = new Stage(false) } = subject
  const { asks: _, keeps: __, own: ___, ...more } = wish
  const options = { connector: subject.connector, sandbox: subject.sandbox, ...more }
  const lent = await stage.lend(options, wish)
  let passed = false
  try {
    await check(lent.world)
    passed = true
  } catch (error) {
    if (!lent.used || error instanceof Skipped) throw error
  } finally {
    await stage.back(lent.world, options, wish, passed)
  }
  if (!passed) await inWorld(subject, check, { ...wish, own: true })
}

/** Runs a check in a world without an account. */
export const inEmptyWorld = async (
  subject: Subject,
  check: (world: World) => Promise<void>,
  more: Partial<WorldOptions> = {}
): Promise<void> => {
  const world = await start({ connector: subject.connector, sandbox: subject.sandbox, ...more })
  try {
    await check(world)
  } finally {
    subject.stage?.count(world)
    await world.close()
  }
}

/** The population of a data type; skips the check when there is none. */
export const populationOf = (world: World, resource: AnyResource): Population => {
  const population = world.app.populations[resource.dataType.id]
  if (population === undefined) throw new Skipped(`the sandbox says nothing of ${resource.dataType.id}`)
  if (isAbsent(population)) throw new Skipped(population.absent)
  return population
}

/** A part of the sandbox; skips the check when it is absent. */
export const needed = <A>(part: A | { readonly absent: string } | undefined, what: string): A => {
  if (part === undefined) throw new Skipped(`the sandbox has no ${what}`)
  if (isAbsent(part)) throw new Skipped(part.absent)
  return part as A
}

/** Skips a check that is about requests for a connector that sends none. */
export const needsRequests = (world: World): void => {
  if (world.app.baseUrl === null) throw new Skipped("the connector sends no requests")
}

/** How long the sandbox may take until a change is visible, and a little more. */
export const settle = (world: World): Promise<void> => world.pass(visibleAfter(world.sandbox) + 60_000)

/** The ids of the changes of a kind, in order. */
export const idsOf = (outcome: Outcome, type: Change["type"]): ReadonlyArray<string> =>
  outcome.changes.filter((change) => change.type === type).map(({ recordId }) => recordId)

/** Whether the run read everything that it was to read. */
export const isComplete = ({ run }: Outcome): boolean => run.status === "processed" || run.status === "completed"

/** What became of a run, in words. */
export const told = ({ run }: Outcome): string => {
  const issues = run.issues.map(({ code, message }) => `${code}: ${message}`).join("; ")
  return `the run is ${run.status}${issues === "" ? "" : ` (${issues})`}`
}

/** A run that must have read everything. */
export const complete = (outcome: Outcome, what: string): Outcome => {
  must(isComplete(outcome), `${what}: ${told(outcome)}`)
  return outcome
}

/** Nobody was deleted. */
export const nobodyDeleted = (outcome: Outcome, what: string): void => {
  const deleted = idsOf(outcome, "record.deleted")
  must(deleted.length === 0, `${what}: ${deleted.length} record(s) deleted that are there (${few(deleted)})`)
}

/** A few of many ids, for messages. */
export const few = (ids: Iterable<string>): string => {
  const all = [...ids]
  return all.length <= 5 ? all.join(", ") : `${all.slice(0, 5).join(", ")} and ${all.length - 5} more`
}

/** A record without what never counts as a change. */
const comparable = (resource: AnyResource, data: Change["data"]): unknown =>
  (resource.volatile?.record ?? []).reduce<unknown>(
    (value, path) => JsonPath.omit(value, JsonPath.parse(path) ?? []),
    data
  )

/** Demands that two states of a receiver are the same; the message names who differs, and where. */
export const mustEqual = (
  resource: AnyResource,
  actual: ReadonlyMap<string, Change["data"]>,
  expected: ReadonlyMap<string, Change["data"]>,
  what: string
): void => {
  const missing = [...expected.keys()].filter((id) => !actual.has(id))
  const extra = [...actual.keys()].filter((id) => !expected.has(id))
  must(missing.length === 0, `${what}: missing ${few(missing)}`)
  must(extra.length === 0, `${what}: still has ${few(extra)}`)
  for (const [id, data] of expected) {
    const path = difference(comparable(resource, actual.get(id)!), comparable(resource, data))
    must(path === null, `${what}: ${id} differs at ${path}`)
  }
}

/** The first path at which two JSON values differ. */
export const difference = (a: unknown, b: unknown, path = "$"): string | null => {
  if (Object.is(a, b)) return null
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return path
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference(left[key], right[key], `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

/** What a listing from nothing gives now, as a receiver would have it. */
export const fresh = async (world: World, resource: AnyResource): Promise<ReadonlyMap<string, Change["data"]>> => {
  const outcome = complete(await world.sync(resource, "initial", { resumes: 3 }), "A full listing")
  return new Map(outcome.changes.map(({ data, recordId }) => [recordId, data]))
}

/** What the receiver has. */
export const replicaOf = (world: World, resource: AnyResource): ReadonlyMap<string, Change["data"]> =>
  new Map(world.replica.get(resource.dataType.id))

/** All records, from the app itself. */
export const everybody = (world: World, population: Population): Promise<ReadonlyArray<TrueRecord>> =>
  world.pace.outside(needed(population.list, "list of records"))

/** The ids of the active records, from the app itself. */
export const activeIds = async (world: World, population: Population): Promise<ReadonlyArray<string>> => {
  const all = await everybody(world, population)
  return all.filter(({ active }) => active).map(({ id }) => id)
}
