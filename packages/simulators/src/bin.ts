#!/usr/bin/env node
import { parseArgs } from "node:util"
import { startBambooHR } from "./bamboohr/BambooHR.ts"
import { startSalesforce } from "./salesforce/Salesforce.ts"
import { InvalidInput } from "./server/InvalidInput.ts"

const usage = `Stand-ins for apps' APIs over real HTTP, on this machine only.

Usage: crochet-simulators bamboohr [options]

  --port <number>        port on 127.0.0.1 (default 9200, 0 takes a free one)
  --employees <number>   how many people the company has (default 250)
  --seed <number>        the same seed makes the same company (default 42)
  --key <text>           API key (default: made from the seed)
  --subdomain <text>     company subdomain (default acme)
  --rate <number>        requests per second before 429 (default: no limit)
  --shuffle              write JSON keys in random order
  --help                 this text

       crochet-simulators salesforce [--port …] [--records <number of contacts>] [--seed …] [--shuffle]
`

const options = {
  port: { type: "string", default: "9200" },
  employees: { type: "string", default: "250" },
  seed: { type: "string", default: "42" },
  key: { type: "string" },
  subdomain: { type: "string" },
  rate: { type: "string" },
  records: { type: "string", default: "100" },
  shuffle: { type: "boolean", default: false },
  help: { type: "boolean", default: false }
} as const

const fail = (message: string): never => {
  process.stderr.write(`crochet-simulators: ${message}\nTry: crochet-simulators --help\n`)
  process.exit(2)
}

const readArguments = () => {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

const number = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) fail(`--${name} must be a whole number, got "${text}"`)
  return Number(text)
}

const salesforce = async (port: number, contacts: number, seed: number, shuffle: boolean) => {
  const sim = await startSalesforce({ port, seed, records: { Contact: contacts } })
  if (shuffle) sim.control.shuffleKeys(true)
  process.stdout.write(`Salesforce simulator with ${contacts} contacts

  address        ${sim.url}
  access token   ${sim.accessToken}
  refresh token  ${sim.refreshToken}

Point Crochet at it (any client id and secret will do):
  CROCHET_BASE_URL_SALESFORCE=${sim.url}
  CROCHET_OAUTH_SALESFORCE_TOKEN_URL=${sim.tokenUrl}
  CROCHET_EGRESS_ALLOW=127.0.0.0/8
`)
}

const main = async () => {
  const { positionals, values } = readArguments()
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  if (positionals.length === 1 && positionals[0] === "salesforce") {
    return salesforce(
      number("port", values.port),
      number("records", values.records),
      number("seed", values.seed),
      values.shuffle
    )
  }
  if (positionals.length !== 1 || positionals[0] !== "bamboohr") {
    fail(
      positionals.length === 0
        ? "which app? Known are: bamboohr, salesforce"
        : `no simulator "${positionals.join(" ")}"; known are: bamboohr, salesforce`
    )
  }
  const sim = await startBambooHR({
    port: number("port", values.port),
    employees: number("employees", values.employees),
    seed: number("seed", values.seed),
    ...(values.key === undefined ? {} : { apiKey: values.key }),
    ...(values.subdomain === undefined ? {} : { subdomain: values.subdomain }),
    ...(values.rate === undefined ? {} : { rateLimit: { requests: number("rate", values.rate), perMillis: 1000 } })
  })
  if (values.shuffle) sim.control.shuffleKeys(true)
  const { active, inactive } = sim.control.count()
  process.stdout.write(`BambooHR simulator with ${active} active and ${inactive} inactive employees

  address     ${sim.url}
  subdomain   ${sim.subdomain}
  API key     ${sim.apiKey}

Point Crochet at it:
  CROCHET_BASE_URL_BAMBOOHR=${sim.url}
  CROCHET_EGRESS_ALLOW=127.0.0.0/8

Try it:
  curl -H 'Accept: application/json' -u '${sim.apiKey}:x' ${sim.url}/api/v1/employees/directory

Change things while it runs (all commands: curl ${sim.url}/_control):
  curl ${sim.url}/_control/hire -d '{"count": 3}'
  curl '${sim.url}/_control/employees?limit=5'
  curl ${sim.url}/_control/change -d '{"id": "12", "fields": {"jobTitle": "Team Lead"}}'
  curl ${sim.url}/_control/fire -d '{"id": "12"}'
  curl ${sim.url}/_control/fault -d '{"kind": "rate-limit", "times": 3, "retryAfter": 2}'

Ctrl-C ends it; nothing is kept.
`)
  const stop = () => {
    void sim.close().then(() => process.exit(0))
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
}

main().catch((error: unknown) => {
  if (error instanceof InvalidInput) fail(error.message)
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    fail("the port is taken; choose another with --port, or --port 0 for a free one")
  }
  throw error
})
