import { Connector } from "@crochet/core"
import * as Effect from "effect/Effect"
import { employees, settingsOf } from "./PlaygroundEmployees.ts"
import * as Settings from "./PlaygroundSettings.ts"
import { company } from "./PlaygroundVocabulary.ts"

/**
 * Dummy data without a network: a made-up company in which something happens all the time.
 *
 * What it shows at an instant is a function of the settings and the instant alone, so that any two processes agree.
 */
export const playground = Connector.make({
  app: {
    id: "playground",
    name: "Playground",
    categories: ["HRIS"],
    website: "https://loomworks.example",
    docs: "https://loomworks.example/help"
  },
  auth: [{ kind: "none", id: "none", title: "No credentials" }],
  settings: Settings.fields,
  // Nothing is ever requested; the name is reserved (RFC 2606), so a mistake could not reach anybody.
  http: { baseUrl: () => "https://playground.invalid" },
  validate: (client) =>
    Effect.map(settingsOf(client, "validate"), (settings) => ({
      name: `${company.name} (made up, ${settings.employees} people)`,
      subject: Settings.key(settings)
    })),
  resources: [employees]
})
