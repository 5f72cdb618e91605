import { Sandbox } from "@crochet/core/testing"
import { startWorkable } from "@crochet/simulators"

const client = { clientId: "crochet", clientSecret: "client-secret-canary" }
const onlyRead = Sandbox.absent("a short list of the account's settings, which the simulator does not change")

/** The Workable simulator as the conformance kit wants it. */
export const sandbox: Sandbox.Sandbox = {
  records: 5,
  start: async ({ now, records, seed }) => {
    const sim = await startWorkable({
      candidates: records,
      jobs: records,
      employees: records,
      seed,
      now,
      largestPage: 2,
      oauth: client
    })
    const { control } = sim
    // Few people are made up: one of them at least was refused and met.
    const first = control.list()[0]!.id
    control.change(first, { disqualified: true, reason: "Doesn't match job location" })
    control.addEvent(first, "2026-08-01T10:00:00Z")
    control.offer(first, "sent")
    const active = (ids: ReadonlyArray<string>) => ids.map((id) => ({ id, active: true }))
    const people = {
      list: () => active(control.list({ limit: 100_000 }).map(({ id }) => id)),
      add: () => control.add()[0]!.id,
      change: (id: string, turn: number) => control.change(id, { lastname: `Turner-${turn}` }),
      remove: (id: string) => control.remove(id),
      deactivate: Sandbox.absent("a rejected candidate is still a candidate")
    }
    return {
      baseUrl: `${sim.url}/spi/v3`,
      answer: sim.answer,
      settings: { subdomain: sim.subdomain },
      access: { scheme: "api_token", values: { apiToken: sim.token } },
      wrong: { scheme: "api_token", values: { apiToken: "a-token-that-nobody-gave" } },
      forbidden: Sandbox.absent("the simulator takes scopes from a token, and has no second token without any"),
      oauth: {
        scheme: "oauth2",
        client,
        authorizeUrl: `${sim.url}/oauth/authorize`,
        tokenUrl: `${sim.url}/oauth/token`,
        expire: () => control.expireTokens(),
        revoke: () => control.expireTokens({ refresh: true })
      },
      populations: {
        ats_candidates: people,
        ats_applications: people,
        ats_activities: {
          list: () => active(control.activities().map(({ id }) => id)),
          add: () => control.comment(first, "A steady hand.").id,
          change: (id, turn) => control.changeActivity(id, `Seen ${turn} times.`),
          remove: (id) => control.removeActivity(id),
          deactivate: Sandbox.absent("an entry of a timeline is there or not")
        },
        ats_jobs: {
          list: () => active(control.jobs().map(({ shortcode }) => shortcode)),
          add: () => control.addJob().shortcode,
          change: (id, turn) => control.changeJob(id, { title: `Weaver ${turn}` }),
          remove: (id) => control.removeJob(id),
          deactivate: Sandbox.absent("a closed job is still a job")
        },
        employee: {
          list: () => control.employees().map(({ id, state }) => ({ id, active: state !== "inactive" })),
          add: () => control.addEmployee().id,
          change: (id, turn) => control.changeEmployee(id, { lastname: `Turner-${turn}` }),
          remove: (id) => control.removeEmployee(id),
          deactivate: (id) => control.changeEmployee(id, { state: "inactive" })
        },
        ats_users: onlyRead,
        ats_departments: onlyRead,
        ats_rejectReasons: onlyRead
      },
      fault: ({ kind, match }) => control.fault({ kind, match }),
      shuffle: (on) => control.shuffleKeys(on),
      close: () => sim.close()
    }
  }
}
