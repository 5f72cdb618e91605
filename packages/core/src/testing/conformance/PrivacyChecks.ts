import type { Connector } from "../../connector/Connector.ts"
import * as Sensitivity from "../../model/Sensitivity.ts"
import { type Check, type Subject, inEmptyWorld, inWorld, must, needsRequests, replicaOf } from "./Check.ts"
import { everyFault, positionsIn, stays } from "./Faults.ts"
import * as Json from "./Json.ts"
import { isAbsent } from "./Sandbox.ts"
import type { World } from "./World.ts"

/** Everything that somebody may read who must not see secrets or records: logs, spans, issues, errors. */
const visible = (world: World): ReadonlyArray<string> => [
  ...world.written,
  ...[...world.state.runs.values()].flatMap(({ run }) => run.issues.map((issue) => JSON.stringify(issue))),
  ...[...world.state.integrations.values()].map(({ accountName: _, ...rest }) => JSON.stringify(rest.lastError))
]

/** Texts of records that are nobody's business, long enough to be no coincidence. */
const valuesOf = (connector: Connector, world: World): ReadonlyArray<string> => {
  const found = new Set<string>()
  for (const resource of connector.resources) {
    const personal = new Map(
      Object.entries(resource.dataType.models).map(([key, { schema }]) => [
        key,
        Sensitivity.paths(schema).filter(({ sensitivity }) => sensitivity !== "none")
      ])
    )
    for (const data of replicaOf(world, resource).values()) {
      for (const [key, paths] of personal) {
        for (const { path } of paths) collect(data[key], path.split("."), found)
      }
    }
  }
  return [...found].filter((text) => text.length >= 8 && /[^A-Z_]/.test(text) && !/^\d{4}-\d\d-\d\dT/.test(text))
}

const collect = (value: unknown, path: ReadonlyArray<string>, into: Set<string>): void => {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, path, into))
  if (typeof value === "string" && path.length === 0) into.add(value)
  if (typeof value !== "object" || value === null) return
  const [head = "", ...rest] = path
  const name = head.replace(/\[\]/g, "")
  if (name === "") return collect(Object.values(value), rest, into)
  collect((value as { readonly [key: string]: unknown })[name], rest, into)
}

const mustNotShow = (texts: ReadonlyArray<string>, secrets: Iterable<string>, what: string) => {
  for (const secret of secrets) {
    if (secret.length < 6) continue
    const where = texts.find((text) => text.includes(secret))
    must(where === undefined, `${what} stands in: ${where?.replaceAll(secret, "⟨here⟩").slice(0, 300)}`)
  }
}

/** Of its own, because what is sent when an account is connected counts too. */
const own = { own: true }
const listening = { ...own, listening: true }

const inUrls = (world: World) => world.wire.log.map(({ url }) => decodeURIComponent(url.href))

/** What every error of the connector's own making says, in all kinds of trouble. */
const trouble = async (subject: Subject, world: World) => {
  for (const resource of subject.connector.resources) {
    const { requests } = await world.sync(resource, "initial")
    for (const { fault } of everyFault) {
      const [position = 0] = positionsIn(world, resource, requests).slice(-1)
      world.wire.rules = [stays(world, position, fault)]
      await world.sync(resource, "listing")
      await world.heal()
    }
    const [id = ""] = replicaOf(world, resource).keys()
    world.wire.rewrite = Json.withBrokenRow(id, Json.ownValues(id, replicaOf(world, resource)))
    await world.sync(resource, "listing")
    await world.heal()
    // An app that quotes the request, credentials and all, in its error.
    world.wire.rules = [
      ({ body, headers, isToken }) =>
        isToken
          ? undefined
          : {
              kind: "answer",
              status: 400,
              body: JSON.stringify({ message: `bad: ${JSON.stringify(headers)} ${body}` })
            }
    ]
    await world.sync(resource, "listing")
    await world.heal()
  }
}

/** No secret and no record where it does not belong. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [60],
    title: "no secret and no value of a record stands in a log, a span, an issue or an error, whatever goes wrong",
    of: "connector",
    run: async (subject) => {
      await inWorld(
        subject,
        async (world) => {
          needsRequests(world)
          await trouble(subject, world)
          const texts = visible(world)
          const headers = world.wire.log.flatMap((one) => {
            const header = one.headers["authorization"] ?? ""
            return [header, header.replace(/^\S+ /, "")]
          })
          mustNotShow(texts, new Set([...world.secrets, ...headers]), "A secret")
          mustNotShow(texts, subject.sandbox.canaries ?? [], "A canary")
          mustNotShow(texts, valuesOf(subject.connector, world), "A value of a record")
        },
        listening
      )
      await inEmptyWorld(
        subject,
        async (world) => {
          if (isAbsent(world.app.wrong)) return
          const { values } = world.app.wrong
          const refusal = await world.connect(world.app.wrong)
          mustNotShow([JSON.stringify(refusal), ...visible(world)], Object.values(values), "A refused secret")
        },
        listening
      )
    }
  },
  {
    numbers: [7],
    title: "no secret stands in a URL",
    of: "connector",
    run: (subject) =>
      inWorld(
        subject,
        async (world) => {
          needsRequests(world)
          for (const resource of subject.connector.resources) await world.sync(resource, "initial")
          const fields = subject.connector.auth.flatMap((scheme) => (scheme.kind === "key" ? scheme.fields : []))
          const access = world.app.access?.values ?? {}
          const open = new Set(fields.filter(({ secret }) => secret !== true).map(({ key }) => access[key]))
          mustNotShow(
            inUrls(world),
            [...world.secrets].filter((secret) => !open.has(secret)),
            "A secret"
          )
        },
        own
      )
  },
  {
    numbers: [6],
    title: "every request goes to the app's own host",
    of: "connector",
    run: (subject) =>
      inWorld(
        subject,
        async (world) => {
          needsRequests(world)
          for (const resource of subject.connector.resources) {
            await world.sync(resource, "initial")
            await world.sync(resource, "changes")
          }
          const own = new Set([
            new URL(world.app.baseUrl!).origin,
            ...[...world.wire.routes.keys()].map((url) => new URL(url).origin)
          ])
          const foreign = world.wire.log.find(({ url }) => !own.has(url.origin))
          must(foreign === undefined, `A request went to ${foreign?.url.host}.`)
        },
        own
      )
  }
]
