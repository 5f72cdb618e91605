import * as Sensitivity from "../../model/Sensitivity.ts"
import type { AnyResource } from "../../connector/Resource.ts"
import { type Check, complete, inEmptyWorld, inWorld, must, replicaOf, type Subject } from "./Check.ts"
import { isAbsent } from "./Sandbox.ts"
import type { World } from "./World.ts"

/** How much of a model the mapper was ever seen to fill. */
export interface ModelCoverage {
  readonly dataType: string
  readonly model: string
  /** Fields that had a value in some record, of those that the model has and the connector does not rule out. */
  readonly filled: ReadonlyArray<string>
  readonly empty: ReadonlyArray<string>
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "NOT_SPECIFIED" || (Array.isArray(value) && value.length === 0)

/** Whether a value stands at the path, in any item of the lists on the way. */
const has = (value: unknown, path: ReadonlyArray<string>): boolean => {
  if (isEmpty(value)) return false
  if (Array.isArray(value)) return value.some((item) => has(item, path))
  const [head, ...rest] = path
  if (head === undefined) return true
  if (head === "*") return typeof value === "object" && Object.keys(value as object).length > 0
  return typeof value === "object" && has((value as { readonly [key: string]: unknown })[head], rest)
}

/** What the mapper fills of each supported model of a data type, in the sandbox's records. */
export const ofResource = (world: World, resource: AnyResource): ReadonlyArray<ModelCoverage> => {
  const records = [...replicaOf(world, resource).values()]
  return Object.entries(resource.support)
    .filter(([, { support }]) => support === "SUPPORTED")
    .map(([model, { fields = {} }]) => {
      const paths = Sensitivity.paths(resource.dataType.models[model]!.schema)
        .map(({ path }) => path)
        .filter((path) => (fields[path.split(/[.[]/)[0]!] ?? "SUPPORTED") === "SUPPORTED")
      const parts = (path: string) =>
        path
          .replaceAll("[]", "")
          .split(".")
          .filter((part) => part !== "")
      const filled = paths.filter((path) => records.some((data) => has(data[model], parts(path))))
      return {
        dataType: resource.dataType.id,
        model,
        filled,
        empty: paths.filter((path) => !filled.includes(path))
      }
    })
}

/** Reads everything once and says what was filled: for a connector's README, and for whoever reviews it. */
export const measure = async (subject: Subject): Promise<ReadonlyArray<ModelCoverage>> => {
  const found: Array<ModelCoverage> = []
  await inWorld(subject, async (world) => {
    for (const resource of subject.connector.resources) {
      complete(await world.sync(resource, "initial"), "A full listing")
      found.push(...ofResource(world, resource))
    }
  })
  return found
}

/** The coverage in lines: `employee profile 21/24, never: photo, …`. */
export const lines = (found: ReadonlyArray<ModelCoverage>): ReadonlyArray<string> =>
  found.map(({ dataType, empty, filled, model }) => {
    const never = empty.length === 0 ? "" : `, never: ${empty.join(", ")}`
    return `${dataType} ${model} ${filled.length}/${filled.length + empty.length}${never}`
  })

const appOf = async (subject: Subject): Promise<World> => {
  const seen: Array<World> = []
  await inEmptyWorld(subject, async (world) => void seen.push(world))
  return seen[0]!
}

/** What the sandbox declares as absent, with the reasons. */
export const absences = async (subject: Subject): Promise<ReadonlyArray<string>> => {
  const { app } = await appOf(subject)
  const named: ReadonlyArray<readonly [string, unknown]> = [
    ["wrong credentials", app.wrong],
    ["credentials without permission", app.forbidden],
    ["OAuth", app.oauth],
    ["shaped faults", app.fault],
    ...subject.connector.resources.flatMap(({ dataType: { id } }): ReadonlyArray<readonly [string, unknown]> => {
      const population = app.populations[id]
      if (population === undefined || isAbsent(population)) return [[`populations.${id}`, population ?? { absent: "" }]]
      const { add, change, deactivate, list, remove } = population
      return Object.entries({ list, add, change, deactivate, remove }).map(([name, part]) => [`${id}.${name}`, part])
    })
  ]
  return named.flatMap(([name, part]) => (isAbsent(part) ? [`${name}: ${part.absent}`] : []))
}

/** Every model that is said to be supported is filled. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [5],
    title: "every model that is SUPPORTED is filled in some record",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        complete(await world.sync(resource, "initial"), "A full listing")
        const empty = ofResource(world, resource)
          .filter(({ filled, model }) => filled.length === 0 && !subject.unfilled?.includes(model))
          .map(({ model }) => model)
        must(
          empty.length === 0,
          `${empty.join(", ")} of ${resource.dataType.id} never has a value, and support says SUPPORTED. ` +
            "If only the sandbox has none, name it in `unfilled`."
        )
      })
  }
]
