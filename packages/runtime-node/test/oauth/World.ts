import { createHash, randomBytes } from "node:crypto"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { atTheEnd } from "@crochet/proof/CleanUp"
import { until } from "@crochet/proof/Deadline"
import { folder, serving } from "@crochet/proof/Program"
import { quickBooks, quickBooksEnvironment } from "@crochet/proof/QuickBooks"
import { startSalesforce } from "@crochet/simulators"
import { assert } from "@effect/vitest"

/** A database as these tests look into it beside the running program. */
export interface Database {
  readonly url: string
  readonly query: (sql: string) => Promise<ReadonlyArray<{ readonly [column: string]: unknown }>>
}

/** A file in a folder. */
export const sqlite = async (directory: string): Promise<Database> => {
  const file = join(directory, "crochet.db")
  return {
    url: `sqlite:${file}`,
    query: (sql) => {
      const database = new DatabaseSync(file, { timeout: 10_000 })
      try {
        return Promise.resolve(database.prepare(sql).all())
      } finally {
        database.close()
      }
    }
  }
}

export const apiKey = "crochet_test_the-key-of-a-host-that-signs-people-in"
export const foreignKey = "crochet_test_the-key-of-another-workspace-altogether"
export const returnUrl = "https://host.example/connected?tab=books"
export const clientSecret = "canary-client-secret-0123456789"

/** What a browser got, and everything that could have told too much. */
export interface Landing {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  /** Where it is sent on. */
  readonly location: URL | null
}

/** A program with both apps, and a browser. */
export const startWorld = async (makeDatabase: (directory: string) => Promise<Database>) => {
  const directory = folder(["connector-quickbooks", "connector-salesforce"])
  const database = await makeDatabase(directory)
  const quickbooks = await quickBooks({ oauth: { clientId: "books-client", clientSecret } })
  const salesforce = await startSalesforce({
    records: { Account: 3, Contact: 4, Lead: 0, Opportunity: 0 },
    oauth: { clientId: "crm-client", clientSecret }
  })
  atTheEnd(salesforce.close)
  const environment = {
    CROCHET_DATABASE_URL: database.url,
    CROCHET_MASTER_KEY: randomBytes(32).toString("base64"),
    CROCHET_API_KEY: apiKey,
    CROCHET_EGRESS_ALLOW: "127.0.0.0/8",
    CROCHET_LOG_LEVEL: "debug",
    CROCHET_TEST_ACCOUNTS_LIMIT: "100",
    CROCHET_RETURN_URLS: `${returnUrl},http://127.0.0.1:9/back`,
    ...quickBooksEnvironment(quickbooks),
    CROCHET_BASE_URL_SALESFORCE: salesforce.url,
    CROCHET_OAUTH_SALESFORCE_CLIENT_ID: "crm-client",
    CROCHET_OAUTH_SALESFORCE_CLIENT_SECRET: clientSecret,
    CROCHET_OAUTH_SALESFORCE_TOKEN_URL: salesforce.tokenUrl,
    CROCHET_OAUTH_SALESFORCE_AUTHORIZE_URL: salesforce.authorizeUrl,
    CROCHET_OAUTH_SALESFORCE_REVOKE_URL: salesforce.revokeUrl
  }
  let program = await serving(directory, environment)
  let logs = ""
  /** Everything that anybody was answered, except what begins a sign-in. */
  const said: Array<string> = []
  /** What nobody may find anywhere: codes, states. */
  const secrets = new Set<string>([clientSecret])
  /** PKCE challenges: no text that makes one of them may be found. */
  const challenges = new Set<string>()

  const call = async (name: string, body?: object, key = apiKey, integrationId?: string) => {
    const response = await fetch(`${program.url}/v1.0/${name}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${key}`,
        ...(integrationId === undefined ? {} : { "x-knit-integration-id": integrationId })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    if (name !== "integration.authorize" || response.status !== 200) said.push(await response.clone().text())
    const { data, error } = await response.json()
    return { status: response.status, data, code: error?.code as string | undefined }
  }

  /** Goes to the app and comes back with where it sends the browser. */
  const consent = async (authorizeUrl: string): Promise<URL> => {
    const asked = new URL(authorizeUrl)
    secrets.add(asked.searchParams.get("state")!)
    const challenge = asked.searchParams.get("code_challenge")
    if (challenge !== null) challenges.add(challenge)
    const sent = await fetch(authorizeUrl, { redirect: "manual" })
    assert.strictEqual(sent.status, 302, await sent.text())
    const back = new URL(sent.headers.get("location")!)
    const code = back.searchParams.get("code")
    if (code !== null) secrets.add(code)
    return back
  }

  const land = async (url: URL | string, init: RequestInit = {}): Promise<Landing> => {
    const response = await fetch(url, { redirect: "manual", ...init })
    const text = await response.text()
    const location = response.headers.get("location")
    said.push(text, JSON.stringify([...response.headers]))
    return {
      status: response.status,
      text,
      headers: response.headers,
      location: location === null ? null : new URL(location)
    }
  }

  const begin = async (request: object): Promise<{ readonly [field: string]: string }> => {
    const { data, code, status } = await call("integration.authorize", request)
    assert.strictEqual(status, 200, code)
    return data
  }
  let orgs = 0
  const books = (request: object = {}) => ({ appId: "quickbooks", originOrgId: `books-${++orgs}`, ...request })
  const crm = (request: object = {}) => ({ appId: "salesforce", originOrgId: `crm-${++orgs}`, ...request })
  /** From beginning to end; answers where the browser landed. */
  const signIn = async (request: object): Promise<Landing> => land(await consent((await begin(request)).authorizeUrl!))

  return {
    quickbooks,
    salesforce,
    database,
    url: () => program.url,
    log: () => logs + program.output(),
    said,
    secrets,
    challenges,
    call,
    begin,
    consent,
    land,
    books,
    crm,
    signIn,
    /** Ends the program at once, whatever it is doing, and starts it again. */
    kill: async () => {
      program.child.kill("SIGKILL")
      await program.exit
      logs += program.output()
      program = await serving(directory, environment)
    },
    account: async (field: "integrationId" | "originOrgId", value: string | null) => {
      const { data } = await call("integration.details?pageSize=200")
      for (const account of data.apps) if (account[field] === value) return account
    },
    /** Everything about an account's credentials that is stored. */
    stored: async () => {
      const count = async (sql: string) => Number((await database.query(`SELECT count(*) AS n FROM ${sql}`))[0]!["n"])
      return {
        integrations: await count("integrations"),
        credentials: await count("credentials"),
        jobs: await count("jobs"),
        keys: await count("data_keys WHERE owner = 'integration'")
      }
    },
    /** The first run, which starts by itself, when it has read everything. */
    firstRun: (integrationId: string, dataType: string) =>
      until(`a first run of ${dataType}`, async () => {
        const { data } = await call(`sync.runs.list?dataType=${dataType}`, undefined, apiKey, integrationId)
        const run = data.runs.at(-1)
        assert.notStrictEqual(run?.status, "failed", JSON.stringify(run))
        return ["processed", "completed"].includes(run?.status) ? run : undefined
      })
  }
}

/** A running world. */
export type World = Awaited<ReturnType<typeof startWorld>>

/** Texts in which the S256 challenge of a verifier would be found: verifiers are 43 characters of base64url. */
export const makesChallenge = (text: string, challenges: ReadonlySet<string>): boolean => {
  for (const [run] of text.matchAll(/[\w-]{43,}/g)) {
    for (let at = 0; at + 43 <= run.length && at < 4096; at++) {
      const digest = createHash("sha256")
        .update(run.slice(at, at + 43))
        .digest("base64url")
      if (challenges.has(digest)) return true
    }
  }
  return false
}
