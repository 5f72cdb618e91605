import * as Effect from "effect/Effect"
import type { Integration } from "../../integration/Integration.ts"
import { Accounts } from "../../integration/Accounts.ts"
import type { Refusal } from "../../service/Refusal.ts"
import {
  type Check,
  complete,
  idsOf,
  inEmptyWorld,
  inWorld,
  isComplete,
  must,
  mustEqual,
  needed,
  needsRequests,
  nobodyDeleted,
  replicaOf,
  settle,
  Skipped,
  type Subject,
  told
} from "./Check.ts"
import type { Access } from "./Sandbox.ts"
import { signIn, takeBack } from "./SignIn.ts"
import type { World } from "./World.ts"

const oauthOf = (world: World) => needed(world.app.oauth, "OAuth server")

/** Runs a check in a world that is connected by OAuth. */
const inOAuthWorld = (subject: Subject, check: (world: World) => Promise<void>) =>
  inEmptyWorld(subject, async (world) => {
    oauthOf(world)
    const outcome = await world.connect(await signIn(subject.connector, world.app, world.pace))
    must(!("_tag" in outcome), `Good tokens were refused: ${"msg" in outcome ? outcome.msg : ""}`)
    await check(world)
  })

const refused = (outcome: Integration | Refusal, what: string): Refusal => {
  must("_tag" in outcome, `${what} were accepted: validate must make a request that proves them.`)
  return outcome
}

const explained = ({ code, msg, resolution }: Refusal, what: string) =>
  must((resolution ?? "").length > 10 && msg.length > 0, `${what} (${code}) come without a resolution.`)

const tryTo = async (subject: Subject, accessOf: (world: World) => Access) => {
  const tried: Array<Integration | Refusal> = []
  await inEmptyWorld(subject, async (world) => void tried.push(await world.connect(accessOf(world))))
  return tried[0]!
}

/** Credentials that are good, bad, expired and without permission are told apart. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [13],
    title: "good credentials connect, and the account says whose they are",
    of: "connector",
    run: (subject) =>
      inWorld(
        subject,
        async ({ integration }) => {
          must(integration.state === "active", `The account is ${integration.state}.`)
          must(
            integration.subject !== null && integration.subject !== "",
            "validate gives no subject: listings of another user's credentials could not be told from this one's."
          )
        },
        { own: true }
      )
  },
  {
    numbers: [14],
    title: "credentials that the app does not know are refused as such, with a resolution",
    of: "connector",
    run: async (subject) => {
      const outcome = await tryTo(subject, ({ app }) => needed(app.wrong, "wrong credentials"))
      const refusal = refused(outcome, "Wrong credentials")
      must(
        refusal.code === "auth.invalid_credentials",
        `Wrong credentials are taken for ${refusal.code}: ${refusal.msg}`
      )
      explained(refusal, "Wrong credentials")
    }
  },
  {
    numbers: [14],
    title: "credentials without permission are told from wrong ones, with a resolution",
    of: "connector",
    run: (subject) =>
      inEmptyWorld(subject, async (world) => {
        const outcome = await world.connect(needed(world.app.forbidden, "credentials without permission"))
        if ("_tag" in outcome) {
          must(
            outcome.code === "auth.missing_permission",
            `Credentials without permission are taken for ${outcome.code}: ${outcome.msg}`
          )
          return explained(outcome, "Credentials without permission")
        }
        // They are good; then the listing must say what is missing, and must not pass for an empty one.
        for (const resource of subject.connector.resources) {
          const { run } = await world.sync(resource, "initial")
          const codes = run.issues.map(({ code }) => code)
          must(
            run.issues.length > 0 && !codes.includes("auth.invalid_credentials"),
            `Without permission the run of ${resource.dataType.id} is ${run.status} with [${codes.join(", ")}]; ` +
              "an issue must say what is missing, and it is not that credentials are wrong."
          )
        }
      })
  },
  {
    numbers: [15],
    title: "a token that expires during a run is refreshed once, and the run reads on",
    of: "connector",
    run: (subject) =>
      inOAuthWorld(subject, async (world) => {
        for (const resource of subject.connector.resources) {
          const requests = complete(await world.sync(resource, "initial"), "A full listing").requests.length
          const expected = replicaOf(world, resource)
          // Tokens are the client's, which all data types share: one of them tries every place.
          const middle = Math.floor(requests / 2)
          const first = resource === subject.connector.resources[0]
          for (const position of new Set(first ? [0, middle, requests - 1] : [middle])) {
            const begin = world.wire.log.length
            world.wire.rules = [
              async (exchange) => {
                if (world.wire.since(begin).indexOf(exchange) === position) await oauthOf(world).expire()
                return undefined
              }
            ]
            const outcome = await world.sync(resource, "initial")
            world.wire.rules = []
            complete(outcome, `The token expired before request ${position + 1}`)
            must(
              outcome.tokenRequests === 1,
              `The token expired once and ${outcome.tokenRequests} token requests were made.`
            )
            mustEqual(resource, replicaOf(world, resource), expected, "After a refresh")
          }
        }
      })
  },
  {
    numbers: [16],
    title: "requests at the same time share one refresh",
    of: "connector",
    run: (subject) =>
      inOAuthWorld(subject, async (world) => {
        await world.pace.outside(() => oauthOf(world).expire())
        const begin = world.wire.log.length
        const one = Effect.flatMap(Accounts, (accounts) => accounts.client(subject.connector, world.integration))
        const results = await world.use(
          Effect.flatMap(one, (client) =>
            Effect.all(
              Array.from({ length: 6 }, () => Effect.result(subject.connector.validate(client))),
              { concurrency: "unbounded" }
            )
          )
        )
        const failed = results.filter(({ _tag }) => _tag === "Failure").length
        must(failed === 0, `${failed} of ${results.length} requests at once failed after the token had expired.`)
        const asked = world.wire.log.slice(begin).filter(({ isToken }) => isToken).length
        must(asked === 1, `${results.length} requests at once made ${asked} token requests.`)
      })
  },
  {
    numbers: [15, 16],
    title: "rotating refresh tokens survive: each new one is kept",
    of: "connector",
    run: (subject) =>
      inOAuthWorld(subject, async (world) => {
        const [resource] = subject.connector.resources
        for (let turn = 1; turn <= 4; turn++) {
          await world.pace.outside(() => oauthOf(world).expire())
          complete(await world.sync(resource!, "initial"), `The ${turn}. run after the token had expired`)
        }
      })
  },
  {
    numbers: [17],
    title: "a connection that was revoked asks for a new one: no storm of retries, nobody deleted",
    of: "connector",
    run: (subject) =>
      inOAuthWorld(subject, async (world) => {
        for (const resource of subject.connector.resources) {
          complete(await world.sync(resource, "initial"), "A full listing")
        }
        await world.pace.outside(() => oauthOf(world).revoke())
        await mustNeedReconnect(world, subject)
      })
  },
  {
    numbers: [17],
    title: "tokens of an account that has ended are taken back by the app, where the connector says how",
    of: "connector",
    run: (subject) =>
      inOAuthWorld(subject, async (world) => {
        const access = await signIn(subject.connector, world.app, world.pace)
        // A process that dies after the app has answered asks once more.
        for (const turn of ["", " for the second time"]) {
          const told = await takeBack(subject.connector, world.app, oauthOf(world), world.pace, access)
          if (told === undefined) throw new Skipped("the connector knows no way to revoke tokens")
          must(
            told._tag === "Success",
            `The app refuses to revoke tokens${turn}: ${told._tag === "Failure" ? told.failure.reason._tag : ""}`
          )
        }
        const outcome = await world.connect(access)
        must(
          "_tag" in outcome,
          "Tokens that were revoked are accepted: revocation.url is not where the app takes them."
        )
      })
  },
  {
    numbers: [17],
    title: "credentials that stop working ask for new ones: no storm of retries, nobody deleted",
    of: "connector",
    run: (subject) =>
      inWorld(subject, async (world) => {
        needsRequests(world)
        if (subject.connector.auth.every(({ kind }) => kind === "none")) throw new Skipped("there are no credentials")
        for (const resource of subject.connector.resources) {
          complete(await world.sync(resource, "initial"), "A full listing")
        }
        await settle(world)
        world.wire.rules = [({ isToken }) => (isToken ? undefined : { kind: "answer", status: 401, body: "{}" })]
        await mustNeedReconnect(world, subject)
      })
  }
]

const mustNeedReconnect = async (world: World, subject: Subject) => {
  const [resource] = subject.connector.resources
  const outcome = await world.sync(resource!, "listing", { resumes: 3 })
  nobodyDeleted(outcome, "Credentials that no longer work")
  must(!isComplete(outcome) && idsOf(outcome, "record.modified").length === 0, `Without credentials ${told(outcome)}`)
  must(
    outcome.run.status === "failed" && outcome.run.issues.some(({ code }) => code === "auth.invalid_credentials"),
    `Credentials no longer work, and ${told(outcome)}; the run must fail with auth.invalid_credentials.`
  )
  must(
    world.integration.state === "needs_reconnect",
    `Credentials no longer work, and the account is ${world.integration.state} instead of needs_reconnect.`
  )
  const asked = outcome.requests.length + outcome.tokenRequests
  must(asked <= 12, `Credentials no longer work, and ${asked} requests were made in one run.`)
}
