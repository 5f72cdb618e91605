import assert from "node:assert/strict"
import type { CrashPoint } from "@crochet/core"
import type { BambooHROptions } from "@crochet/simulators"
import type { Databases } from "../world/Database.ts"
import { until } from "../world/Deadline.ts"
import { consent, oauthApp, oauthEnvironment } from "../world/Grant.ts"
import { activeIds, assertRun } from "../world/Oracle.ts"
import type { Program } from "../world/Program.ts"
import { quickBooks, quickBooksEnvironment } from "../world/QuickBooks.ts"
import { app, inbox, installation } from "../world/World.ts"

/** One death of the program. */
export interface Kill {
  readonly cause: string
  /** By `performance.now()`. */
  readonly at: number
  /** Events whose requests were at the receiver and not answered. */
  readonly unanswered: ReadonlySet<string>
  /** Whether the leases of the dead ran out by themselves. */
  readonly waited: boolean
  /** When the next process was started, and when it was ready; infinite before. */
  readonly restarted: number
  readonly ready: number
}

/** How long the program may take to come by a crash point before the kill counts as not having happened. */
const patience = 180_000
/** How long a run may take, leases of the dead included. */
const runMillis = 240_000

/**
 * An installation that is killed again and again, with its app and its receiver. While `waits` says so leases run out by
 * themselves: what is measured then is what an operator would see.
 */
export const patient = async (options: {
  readonly databases: Databases
  readonly seed: number
  /** How many people its app has; 700 by default, which are two pages. */
  readonly employees?: number
  readonly oauth?: boolean
  readonly firstOrder?: CrashPoint.CrashPoint
}) => {
  const { databases, employees = 700, firstOrder, oauth, seed } = options
  const company: BambooHROptions = { employees, seed, ...(oauth === true ? { oauth: oauthApp } : {}) }
  const simulator = await app(company)
  const receiver = await inbox()
  /** A second app, which wants to be told when an account ends. */
  const books = oauth === true ? await quickBooks() : null
  const environment = books === null ? {} : { ...oauthEnvironment, ...quickBooksEnvironment(books) }
  const host = await installation(simulator, environment, {
    databases,
    armed: true,
    connectors: books === null ? ["connector-bamboohr"] : ["connector-bamboohr", "connector-quickbooks"],
    ...(firstOrder === undefined ? {} : { firstOrder: { point: firstOrder, pass: 1, signal: "SIGKILL" } })
  })
  const kills: Array<Kill> = []
  let waits = true
  const death = (cause: string, unanswered: ReadonlySet<string> = new Set()): Kill => ({
    cause,
    at: performance.now(),
    unanswered,
    waited: waits,
    restarted: Number.POSITIVE_INFINITY,
    ready: Number.POSITIVE_INFINITY
  })
  /** Events that a retention has removed from the log since. */
  const pruned = new Set<string>()
  // A receiver that takes its time has several requests under way when the end comes.
  const usual = async () => {
    await new Promise((resolve) => setTimeout(resolve, 3))
    return 200 as const
  }
  receiver.answer(usual)

  const diedAt = (point: CrashPoint.CrashPoint, program: Program) => {
    assert.equal(program.child.signalCode, "SIGKILL", `The program ended otherwise:\n${program.output().slice(-2000)}`)
    assert.match(program.output(), new RegExp(`SIGKILL at ${point.replace(".", "\\.")}\\]`), "it died somewhere else")
  }
  if (firstOrder !== undefined) {
    diedAt(firstOrder, host.firstDeath!)
    kills.push(death(firstOrder))
    receiver.nextGeneration()
  }
  /** A failure is told with what the program has said last. */
  const withLog = async <A>(doing: Promise<A>): Promise<A> => {
    try {
      return await doing
    } catch (error) {
      const why = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error)
      throw new Error(`${why}\n${host.log().slice(-3000)}`, { cause: error })
    }
  }
  await withLog(host.register(receiver))

  const died = (cause: string) => {
    const unanswered = new Set<string>()
    for (const { answered, event } of receiver.arrivals) {
      if (answered === null) unanswered.add(event.eventId)
      else unanswered.delete(event.eventId)
    }
    kills.push(death(cause, unanswered))
  }

  const connect = async (integrationId?: string) =>
    host.connect({
      ...(integrationId === undefined ? {} : { integrationId }),
      ...(oauth === true ? { credentials: await consent(simulator) } : {})
    })
  const integrationId = await withLog(connect())

  const revive = async () => {
    receiver.answer(usual)
    simulator.control.clearFaults()
    await until("the requests of the dead process are broken off", () => receiver.active() === 0)
    receiver.nextGeneration()
    const restarted = performance.now()
    await host.restart({ waitForLeases: waits })
    kills.push({ ...kills.pop()!, restarted, ready: performance.now() })
  }

  /** Waits for the end of the process, which must be a kill at this very point. */
  const expectDeath = async (point: CrashPoint.CrashPoint) => {
    const program = host.program()
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `Nobody died at ${point} within ${patience} ms: the kill never happened\n${host.log().slice(-2000)}`
        reject(new Error(message))
      }, patience)
    })
    await Promise.race([program.exit, late])
    clearTimeout(timer)
    diedAt(point, program)
    died(point)
  }

  const newest = async () => (await host.runs(integrationId))[0]

  /** Starts a run, even if the program dies of it before it can answer. */
  const begin = async (start: () => Promise<string>): Promise<() => Promise<string>> => {
    const before = await newest()
    const started = start().catch(() => undefined)
    return async () => {
      const known = await started
      if (known !== undefined) return known
      const now = await newest()
      return now !== undefined && now.syncRunId !== before?.syncRunId ? now.syncRunId : await start()
    }
  }

  const completes = async (syncRunId: string) => {
    await withLog(host.reaches(syncRunId, "completed", runMillis))
    assertRun(receiver, syncRunId, { "record.new": activeIds(simulator) })
  }
  await completes((await host.firstRun(integrationId)).syncRunId)

  return {
    simulator,
    books,
    receiver,
    host,
    kills,
    pruned,
    usual,
    integrationId,
    connect,
    begin,
    completes,
    /** Whether the leases of whom is killed next run out by themselves, or are shortened. */
    waits: (really: boolean) => void (waits = really),
    death,
    /** Dies at the point while this happens, and is alive again. */
    diesAt: async (point: CrashPoint.CrashPoint, pass: number, happening: () => unknown) => {
      await host.order({ point, pass, signal: "SIGKILL" })
      await happening()
      await expectDeath(point)
      await revive()
    },
    /** Dies at the point while it starts. */
    diesStarting: async (point: CrashPoint.CrashPoint, pass: number) => {
      await host.stop()
      host.launch({ point, pass, signal: "SIGKILL" })
      await expectDeath(point)
      await revive()
    },
    /** Dies at the point while the master key is rotated, which is then done again to its end. */
    diesRotating: async (point: CrashPoint.CrashPoint) => {
      assert.equal(await host.stop(), 0)
      const killed = host.rotate({ point, pass: 1, signal: "SIGKILL" })
      await killed.exit
      diedAt(point, killed)
      died(point)
      const again = host.rotate(null)
      assert.equal(await again.exit, 0, again.output())
      await revive()
    },
    /** Is killed from outside as soon as the moment comes, and is alive again. */
    killedAt: async (cause: string, moment: () => Promise<unknown>) => {
      await moment()
      await host.kill()
      died(cause)
      await revive()
    }
  }
}

/** A patient under treatment. */
export type Patient = Awaited<ReturnType<typeof patient>>
