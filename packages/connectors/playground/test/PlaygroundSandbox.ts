import { Sandbox } from "@crochet/core/testing"

const byItself = Sandbox.absent("things happen in the playground by themselves, as its clock goes")

/** The playground as the conformance kit wants it: there is no app beside the connector. */
export const sandbox: Sandbox.Sandbox = {
  start: async ({ records, seed }) => ({
    baseUrl: null,
    // Something happens every minute.
    settings: { employees: String(records), changesPerHour: "60", seed: `conformance-${seed}` },
    access: { scheme: "none", values: {} },
    wrong: Sandbox.absent("there are no credentials"),
    forbidden: Sandbox.absent("there are no credentials"),
    oauth: Sandbox.absent("there are no credentials"),
    populations: {
      employee: {
        list: Sandbox.absent("the company is a function of the settings and the time, which only the connector knows"),
        add: byItself,
        change: byItself,
        remove: byItself,
        deactivate: byItself
      }
    },
    fault: Sandbox.absent("there are no requests"),
    close: () => undefined
  }),
  // Three pages of 500.
  records: 1_001
}
