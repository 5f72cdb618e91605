import { Sandbox } from "@crochet/core/testing"
import { startBambooHR } from "@crochet/simulators"

const client = { clientId: "crochet", clientSecret: "client-secret-canary" }

/** The BambooHR simulator as the conformance kit wants it. */
export const sandbox: Sandbox.Sandbox = {
  records: 8,
  start: async ({ now, records, seed }) => {
    const sim = await startBambooHR({
      employees: records,
      seed,
      now,
      largestPage: 3,
      oauth: { ...client, rotateRefreshTokens: true }
    })
    const { control } = sim
    return {
      baseUrl: sim.url,
      answer: sim.answer,
      settings: { subdomain: sim.subdomain },
      access: { scheme: "api_key", values: { apiKey: sim.apiKey } },
      wrong: { scheme: "api_key", values: { apiKey: "a-key-that-nobody-gave" } },
      forbidden: Sandbox.absent("a BambooHR key sees what its user sees; there is none that may do nothing at all"),
      oauth: {
        scheme: "oauth2",
        client,
        expire: () => control.expireTokens(),
        revoke: () => control.expireTokens({ refresh: true })
      },
      populations: {
        employee: {
          list: () => control.list().map(({ id, status }) => ({ id, active: status === "Active" })),
          add: () => control.hire()[0]!.id,
          change: (id, turn) => control.change(id, { homeEmail: `turn-${turn}@example.org` }),
          remove: (id) => control.remove(id),
          deactivate: (id) => control.fire(id)
        }
      },
      fault: ({ kind, match }) => control.fault({ kind, match }),
      shuffle: (on) => control.shuffleKeys(on),
      close: () => sim.close()
    }
  }
}
