import type { Command } from "../command/Command.ts"
import { startBambooHR } from "./BambooHR.ts"

/** `crochet-simulators bamboohr`. */
export const bamboohr: Command = {
  id: "bamboohr",
  name: "BambooHR",
  options: {
    employees: { kind: "number", help: "how many people the company has (default 250)" },
    key: { kind: "text", help: "API key (default: made from the seed)" },
    subdomain: { kind: "text", help: "company subdomain (default acme)" },
    shuffle: { kind: "switch", help: "write JSON keys in random order" }
  },
  start: async (given, common) => {
    const [employees, apiKey, subdomain] = [given.number("employees"), given.text("key"), given.text("subdomain")]
    const sim = await startBambooHR({
      ...common,
      ...(employees === undefined ? {} : { employees }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(subdomain === undefined ? {} : { subdomain })
    })
    if (given.on("shuffle")) sim.control.shuffleKeys(true)
    const { active, inactive } = sim.control.count()
    return {
      title: `BambooHR simulator with ${active} active and ${inactive} inactive employees`,
      url: sim.url,
      account: [
        ["subdomain", sim.subdomain],
        ["API key", sim.apiKey]
      ],
      look: `-H 'Accept: application/json' -u '${sim.apiKey}:x' ${sim.url}/api/v1/employees/directory`,
      control: [
        ["hire", '{"count": 3}'],
        ["employees?limit=5"],
        ["change", '{"id": "12", "fields": {"jobTitle": "Team Lead"}}'],
        ["fire", '{"id": "12"}'],
        ["fault", '{"kind": "rate-limit", "times": 3, "retryAfter": 2}']
      ],
      close: () => sim.close()
    }
  }
}
