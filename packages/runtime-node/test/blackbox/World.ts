import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type BambooHROptions, type BambooHRSimulator, startBambooHR } from "@crochet/simulators"
import { afterAll } from "@effect/vitest"
import { makeApi } from "../../../../demo/CrochetApi.ts"
import { folder, serving, stop } from "../Program.ts"
import { until } from "./Deadline.ts"
import { type Inbox, startInbox } from "./Inbox.ts"

/** How long the program's leases last: on runs, and on events. */
const leaseMillis = { runs: 10_000, outbox: 10_000 }

/** A run as `sync.run.get` answers it, as far as these tests look. */
export interface RunAnswer {
  readonly syncRunId: string
  readonly syncJobId: string
  readonly status: string
  readonly mode: string
  readonly syncType: string
  readonly trigger: string
  readonly counts: { readonly [name: string]: number }
  readonly emitted: number
  readonly consumed: number
  readonly outstanding: number
  readonly heldDeletions: number
  readonly interruptions: number
  readonly resumeAt: string | null
  readonly issues: ReadonlyArray<{ readonly code: string; readonly message: string; readonly resolution?: string }>
}

const cleanups: Array<() => Promise<unknown>> = []
afterAll(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A simulated BambooHR, closed with the test file. */
export const app = async (options: BambooHROptions): Promise<BambooHRSimulator> => {
  const running = await startBambooHR(options)
  cleanups.push(running.close)
  return running
}

/** A receiver, closed with the test file. */
export const inbox = async (): Promise<Inbox> => {
  const running = await startInbox()
  cleanups.push(running.close)
  return running
}

/** An installation: `crochet serve` on a file of its own, that can be killed and started again. */
export const installation = async (simulator: BambooHRSimulator, environment: Record<string, string> = {}) => {
  const directory = folder(["connector-bamboohr"])
  const database = join(directory, "crochet.db")
  const apiKey = `crochet_test_${simulator.port}_the-key-of-this-installation`
  const start = () =>
    serving(directory, {
      CROCHET_DATABASE_URL: `sqlite:${database}`,
      CROCHET_API_KEY: apiKey,
      CROCHET_BASE_URL_BAMBOOHR: simulator.url,
      CROCHET_EGRESS_ALLOW: "127.0.0.0/8",
      CROCHET_TEST_ACCOUNTS_LIMIT: "50",
      ...environment
    })
  let program = await start()
  let api = makeApi(program.url, apiKey)
  let logs = ""

  /** Changes the database beside the running program, as the passing of time would. */
  const rewrite = (sql: string, ...values: ReadonlyArray<number>) => {
    const file = new DatabaseSync(database, { timeout: 10_000 })
    try {
      return file.prepare(sql).run(...values).changes
    } finally {
      file.close()
    }
  }

  const run = (syncRunId: string): Promise<RunAnswer> => api.get("sync.run.get", { syncRunId })
  const runs = async (integrationId: string): Promise<ReadonlyArray<RunAnswer>> =>
    (await api.get("sync.runs.list", {}, integrationId)).runs

  return {
    database,
    apiKey,
    url: () => program.url,
    api: () => api,
    /** Everything that was said, by all processes. */
    log: () => logs + program.output(),
    stop: async () => {
      const code = await stop(program)
      return code
    },
    kill: async () => {
      program.child.kill("SIGKILL")
      await program.exit
    },
    /**
     * Starts the program again on the same file. What the dead one had leased is set to have run out already, unless
     * told to wait for it: the lease is time alone, and a dozen of them would take minutes.
     */
    restart: async (options: { readonly waitForLeases?: boolean } = {}) => {
      const diedAt = Date.now()
      logs += program.output()
      program = await start()
      api = makeApi(program.url, apiKey)
      if (options.waitForLeases === true) return
      // Whatever the new process has leased ends later than this.
      for (const table of ["runs", "outbox"] as const) {
        rewrite(
          `UPDATE ${table} SET lease_until = 1 WHERE lease_until > 1 AND lease_until <= ?`,
          diedAt + leaseMillis[table]
        )
      }
    },
    /** An interrupted run need not wait any longer. */
    resumeNow: (): void => void rewrite("UPDATE runs SET resume_at = 1 WHERE resume_at IS NOT NULL"),
    /** The next delta lists everything, as every eleventh does by itself. */
    reconcileNext: (): void => void rewrite("UPDATE jobs SET deltas_since_listing = 1000"),
    register: async (receiver: Inbox, options: object = {}) => {
      const registered = await api.post("webhook.register", { category: "HRIS", url: receiver.url, ...options })
      receiver.trust({ apiKey, secret: registered.secret })
      return registered
    },
    connect: async (options: object = {}): Promise<string> => {
      const { integrationId } = await api.post("integration.import", {
        appId: "bamboohr",
        originOrgId: "acme",
        credentials: { apiKey: simulator.apiKey },
        settings: { subdomain: simulator.subdomain },
        ...options
      })
      return integrationId
    },
    /** The first run of the account, which starts by itself. */
    firstRun: (integrationId: string) => until("a first run", async () => (await runs(integrationId)).at(-1)),
    run,
    runs,
    delta: async (integrationId: string): Promise<string> =>
      (await api.post("sync.start", { dataType: "employee", syncType: "delta_sync" }, integrationId)).syncRunId,
    /** Waits until the run has this status; any other final one is an error that tells what the run says. */
    reaches: (syncRunId: string, status: string, millis?: number) =>
      until(
        `the run is ${status}`,
        async () => {
          const now = await run(syncRunId)
          if (now.status === status) return now
          if (["completed", "incomplete", "failed", "cancelled"].includes(now.status)) {
            throw new Error(`The run is ${now.status} and not ${status}: ${JSON.stringify(now)}`)
          }
          return undefined
        },
        millis
      )
  }
}

/** A running installation. */
export type Installation = Awaited<ReturnType<typeof installation>>
