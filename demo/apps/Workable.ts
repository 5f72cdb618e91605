import { startWorkable, type WorkableSimulator } from "@crochet/simulators"
import type { App, Expected } from "../App.ts"
import { isCanary } from "../Canaries.ts"

const idsOf = ({ control }: WorkableSimulator): ReadonlyArray<string> =>
  control.list({ limit: 100_000 }).map(({ id }) => id)

/** Three apply; one has another headline, one a tag, one another e-mail address. */
const changeThings = ({ control }: WorkableSimulator): Expected => {
  const [retitled, tagged, renamed] = control
    .list({ limit: 100_000 })
    .filter(({ disqualified, hired, job }) => job !== null && !disqualified && !hired)
    .map(({ id }) => id)
  const added = control.add([{ firstname: "Valentina", lastname: "Castellanos" }, {}, {}])
  control.change(retitled!, { headline: "Fifteen years at the loom" })
  control.change(tagged!, { tags: ["silver-medal"] })
  control.change(renamed!, { email: "featherstonehaugh@example.com" })
  return {
    new: new Set(added.map(({ id }) => id)),
    modified: new Set([retitled!, tagged!, renamed!]),
    deleted: new Map()
  }
}

/** Candidates of Workable, with the jobs and applications that every account has beside them. */
export const workable: App = {
  id: "workable",
  name: "Workable",
  category: "ATS",
  dataType: "ats_candidates",
  records: "candidates",
  words: {
    present: "candidates",
    added: "who applied",
    changed: "who changed",
    gone: "who were removed: Workable tells of none, a listing finds them"
  },
  start: async () => {
    const simulator = await startWorkable({ candidates: 150, seed: 7 })
    const { candidates, jobs } = simulator.control.count()
    return {
      url: simulator.url,
      population: `${candidates} candidates for ${jobs} jobs`,
      account: { credentials: { apiToken: simulator.token }, settings: { subdomain: simulator.subdomain } },
      present: () => new Set(idsOf(simulator)),
      change: () => changeThings(simulator),
      personal: () => {
        const values = simulator.control
          .list({ limit: 100_000 })
          .flatMap(({ email, firstname, lastname }) => [email, firstname, lastname])
        return Promise.resolve(new Set(values.filter(isCanary)))
      },
      curl: `${simulator.url}/_control/add -d '{"count": 3}'`,
      close: () => simulator.close()
    }
  }
}
