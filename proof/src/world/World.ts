import { randomBytes } from "node:crypto"
import { type BambooHROptions, type BambooHRSimulator, startBambooHR } from "@crochet/simulators"
import { makeApi } from "../../../demo/CrochetApi.ts"
import type { Gauges, Message, Order } from "../kills/Order.ts"
import { atTheEnd } from "./CleanUp.ts"
import { type Databases, sqlite } from "./Database.ts"
import { until } from "./Deadline.ts"
import { type Inbox, startInbox } from "./Inbox.ts"
import { folder, type Program, serving, start as launchProgram, stop } from "./Program.ts"

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

/** A simulated BambooHR, closed by `cleanUp`. */
export const app = async (options: BambooHROptions): Promise<BambooHRSimulator> => {
  const running = await startBambooHR(options)
  atTheEnd(running.close)
  return running
}

/** A receiver, closed by `cleanUp`. */
export const inbox = async (): Promise<Inbox> => {
  const running = await startInbox()
  atTheEnd(running.close)
  return running
}

/**
 * What `crochet serve` gives itself, for programs with a channel, which it leaves as they are: otherwise Node's young
 * generation alone grows by 150 MB, and glibc keeps what large buffers leave behind.
 */
export const littleMemory = {
  NODE_OPTIONS: "--max-semi-space-size=16 --max-old-space-size=1024",
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "131072"
}

/** How an installation differs from the usual one. */
export interface InstallationOptions {
  readonly databases?: Databases
  /** Packages of the connectors that it has; BambooHR's alone by default. */
  readonly connectors?: ReadonlyArray<string>
  /** Whether it takes orders to die. */
  readonly armed?: boolean
  /** An order that the very first process gets, which is expected to die of it. */
  readonly firstOrder?: Order
}

/**
 * An installation: `crochet serve` on a database of its own, that can be killed and started again. It reads the simulated
 * app, or none that needs a network.
 */
export const installation = async (
  simulator: BambooHRSimulator | null,
  environment: Record<string, string> = {},
  { armed = false, connectors = ["connector-bamboohr"], databases = sqlite, firstOrder }: InstallationOptions = {}
) => {
  const directory = folder(connectors)
  const database = await databases.create(directory)
  const apiKey = `crochet_test_${randomBytes(12).toString("hex")}_the-key-of-this-installation`
  const newKey = () => randomBytes(32).toString("base64")
  // Beside a file the program keeps the key in a file of its own.
  let masterKeys: Record<string, string> = database.file === null ? { CROCHET_MASTER_KEY: newKey() } : {}
  const plainSettings = {
    CROCHET_DATABASE_URL: database.url,
    CROCHET_API_KEY: apiKey,
    ...(simulator === null ? {} : { CROCHET_BASE_URL_BAMBOOHR: simulator.url }),
    CROCHET_EGRESS_ALLOW: "127.0.0.0/8",
    CROCHET_TEST_ACCOUNTS_LIMIT: "50",
    ...environment
  }
  const settings = () => ({ ...plainSettings, ...masterKeys })
  const launch = (order: Order) =>
    launchProgram(directory, ["serve"], { ...settings(), CROCHET_PROOF_ORDER: JSON.stringify(order) }, { armed: true })
  const start = () => serving(directory, settings(), { armed })
  const firstDeath = firstOrder === undefined ? null : launch(firstOrder)
  await firstDeath?.exit
  let program = await start()
  /**
   * Calls, once more where the connection broke under a living program: a server whose machine stood still for longer
   * than it keeps idle connections closes them before it looks at what has come.
   */
  const steady = (called: Program, plain: ReturnType<typeof makeApi>): ReturnType<typeof makeApi> => {
    const again = async <A>(call: () => Promise<A>): Promise<A> => {
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
        if (called.child.exitCode !== null || called.child.signalCode !== null) throw error
        return call()
      }
    }
    return {
      get: (...given) => again(() => plain.get(...given)),
      post: (...given) => again(() => plain.post(...given)),
      all: (...given) => again(() => plain.all(...given))
    }
  }
  let api = steady(program, makeApi(program.url, apiKey))
  let logs = ""

  const run = (syncRunId: string): Promise<RunAnswer> => api.get("sync.run.get", { syncRunId })
  const runs = async (integrationId: string): Promise<ReadonlyArray<RunAnswer>> =>
    (await api.get("sync.runs.list", {}, integrationId)).runs
  const kill = async () => {
    program.child.kill("SIGKILL")
    await program.exit
  }
  const tell = (message: Message): Promise<unknown> =>
    new Promise((resolve, reject) => {
      program.child.once("message", resolve)
      program.child.send(message, (error) => (error === null ? undefined : reject(error)))
    })

  return {
    /** The database's file; empty where there is none. */
    database: database.file ?? "",
    data: database,
    apiKey,
    url: () => program.url,
    api: () => api,
    program: () => program,
    /** The process that got the first order. */
    firstDeath,
    /** Everything that was said, by all processes. */
    log: () => logs + program.output(),
    stop: async () => {
      const code = await stop(program)
      return code
    },
    kill,
    /** Tells an armed program where to die; resolves when it has understood. */
    order: (order: Order | null) => tell({ order }),
    /** How an armed program is. */
    gauges: async (): Promise<Gauges> => ((await tell({ gauges: "read" })) as { readonly gauges: Gauges }).gauges,
    /** Changes how an armed program's SQLite connection behaves. */
    pragma: (pragma: string) => tell({ pragma }),
    /** Runs a command of the program to its end; answers its exit code. */
    command: (...args: ReadonlyArray<string>) => launchProgram(directory, args, settings()).exit,
    /** Starts one more process on the same database. */
    another: start,
    /** Starts the killed program with an order that it may carry out before it is ready. */
    launch: (order: Order) => {
      logs += program.output()
      program = { ...launch(order), url: "", key: undefined }
      return program
    },
    /** `crochet keys rotate` to a new master key, with an order; without one it ends what was begun. */
    rotate: (order: Order | null) => {
      const { CROCHET_MASTER_KEY: old } = masterKeys
      if (order !== null && old !== undefined) {
        masterKeys = { CROCHET_MASTER_KEY: newKey(), CROCHET_MASTER_KEYS_OLD: old }
      }
      const environment = { ...settings(), CROCHET_PROOF_ORDER: JSON.stringify(order) }
      return launchProgram(directory, ["keys", "rotate"], environment, { armed: true })
    },
    /**
     * Starts the program again on the same file. What the dead one had leased is set to have run out already, unless
     * told to wait for it: the lease is time alone, and a dozen of them would take minutes.
     */
    restart: async (options: { readonly waitForLeases?: boolean } = {}) => {
      const diedAt = Date.now()
      logs += program.output()
      program = await start()
      api = steady(program, makeApi(program.url, apiKey))
      if (options.waitForLeases === true) return
      for (const table of ["runs", "outbox"] as const) {
        // Whatever the new process has leased ends later than this.
        await database.rewrite(
          `UPDATE ${table} SET lease_until = 1 WHERE lease_until > 1 AND lease_until <= ${diedAt + leaseMillis[table]}`
        )
      }
    },
    /** An interrupted run need not wait any longer. */
    resumeNow: () => database.rewrite("UPDATE runs SET resume_at = 1 WHERE resume_at IS NOT NULL"),
    /** The next delta lists everything, as every eleventh does by itself. */
    reconcileNext: () => database.rewrite("UPDATE jobs SET deltas_since_listing = 1000"),
    register: async (receiver: Pick<Inbox, "url" | "trust">, options: object = {}) => {
      const registered = await api.post("webhook.register", { category: "HRIS", url: receiver.url, ...options })
      receiver.trust({ apiKey, secret: registered.secret })
      return registered
    },
    connect: async (options: object = {}): Promise<string> => {
      const { integrationId } = await api.post("integration.import", {
        appId: "bamboohr",
        originOrgId: "acme",
        credentials: simulator === null ? {} : { apiKey: simulator.apiKey },
        settings: simulator === null ? {} : { subdomain: simulator.subdomain },
        ...options
      })
      return integrationId
    },
    /** The first run of the account, which starts by itself. */
    firstRun: (integrationId: string) => until("a first run", async () => (await runs(integrationId)).at(-1)),
    run,
    runs,
    /** A run that reads everybody and sends everybody. */
    initial: async (integrationId: string): Promise<string> =>
      (await api.post("sync.start", { dataType: "employee" }, integrationId)).syncRunId,
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
