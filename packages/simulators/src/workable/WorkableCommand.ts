import type { Command } from "../command/Command.ts"
import { startWorkable } from "./Workable.ts"

/** `crochet-simulators workable`. */
export const workable: Command = {
  id: "workable",
  name: "Workable",
  options: {
    candidates: { kind: "number", help: "how many candidates there are (default 250)" },
    jobs: { kind: "number", help: "how many jobs there are (default 12)" },
    employees: { kind: "number", help: "how many employees there are (default 40)" },
    token: { kind: "text", help: "account token (default: made from the seed)" },
    subdomain: { kind: "text", help: "account subdomain (default acme)" },
    shuffle: { kind: "switch", help: "write JSON keys in random order" }
  },
  start: async (given, common) => {
    const [candidates, jobs, employees] = [given.number("candidates"), given.number("jobs"), given.number("employees")]
    const [token, subdomain] = [given.text("token"), given.text("subdomain")]
    const sim = await startWorkable({
      ...common,
      ...(candidates === undefined ? {} : { candidates }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(employees === undefined ? {} : { employees }),
      ...(token === undefined ? {} : { token }),
      ...(subdomain === undefined ? {} : { subdomain })
    })
    if (given.on("shuffle")) sim.control.shuffleKeys(true)
    const count = sim.control.count()
    return {
      title: `Workable simulator with ${count.candidates} candidates on ${count.jobs} jobs and ${count.employees} employees`,
      url: sim.url,
      account: [
        ["subdomain", sim.subdomain],
        ["API access token", sim.token]
      ],
      look: `-H 'Authorization: Bearer ${sim.token}' ${sim.url}/spi/v3/jobs?limit=2`,
      control: [
        ["add", '{"count": 3}'],
        ["candidates?limit=5"],
        ["jobs"],
        ["fault", '{"kind": "rate-limit", "times": 3, "retryAfter": 2}']
      ],
      close: () => sim.close()
    }
  }
}
