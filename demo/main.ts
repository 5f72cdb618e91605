/**
 * Crochet at work, on this machine alone: a simulated app (BambooHR with 250 employees and 25 former ones, unless `--app`
 * names another), `crochet serve` as a process of its own, and a webhook that trusts nothing. `npm run demo`; with
 * `-- --once` it ends by itself, not zero if a claim fails.
 */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { App } from "./App.ts"
import { apps } from "./Apps.ts"
import { filesOf, leftOvers, search, type Search } from "./Canaries.ts"
import * as CommandLine from "./CommandLine.ts"
import { makeApi } from "./CrochetApi.ts"
import { startCrochet } from "./CrochetProcess.ts"
import { claims } from "./Claims.ts"
import { booksOf } from "./Ledger.ts"
import { type Received, startReceiver } from "./Receiver.ts"
import { bold, dim, done, green, print, progress, red, table } from "./Terminal.ts"

const limitMillis = 60_000
const began = performance.now()
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

const asked = CommandLine.read(process.argv.slice(2), apps)
if (asked.app === undefined) {
  const stream = asked.code === 0 ? process.stdout : process.stderr
  stream.write(asked.say)
  process.exit(asked.code)
}

const folder = mkdtempSync(join(tmpdir(), "crochet-demo-"))
const database = join(folder, "crochet.db")
const logFile = join(folder, "server.log")
const closing: Array<() => Promise<unknown>> = []

const shutDown = async (keep: boolean) => {
  for (const close of closing.reverse()) await close().catch((error: unknown) => print(red(String(error))))
  if (!keep) rmSync(folder, { recursive: true, force: true })
}

const tell = async (app: App) => {
  print(`\n${bold("Crochet demo")}: ${app.name} ${app.records} to a webhook, everything on this machine\n`)

  // The app, with records that it makes up.
  const running = await app.start()
  closing.push(running.close)
  done(`${app.name} simulator`, `${running.url}  ${running.population}`)
  const canaries = new Set(await running.personal())

  // The receiver. It keeps what it got and looks into Crochet's files while events are on their way.
  let midway: Search | undefined
  let follow: ((event: Received) => void) | undefined
  const receiver = await startReceiver((event) => {
    if (midway === undefined && receiver.received.length === 100) midway = search(canaries, filesOf(database, logFile))
    follow?.(event)
  })
  closing.push(receiver.close)
  done("Receiver", `${receiver.url}  checks both signatures of every request`)

  // Crochet, as `npm start` runs it, but with a database and a key of its own.
  const apiKey = `crochet_demo_${randomBytes(32).toString("base64url")}`
  const capitals = app.id.toUpperCase().replaceAll("-", "_")
  const server = startCrochet(
    {
      CROCHET_PORT: "0",
      CROCHET_DATABASE_URL: `sqlite:${database}`,
      CROCHET_API_KEY: apiKey,
      [`CROCHET_BASE_URL_${capitals}`]: running.url,
      ...(running.oauth === undefined
        ? {}
        : {
            [`CROCHET_OAUTH_${capitals}_CLIENT_ID`]: running.oauth.clientId,
            [`CROCHET_OAUTH_${capitals}_CLIENT_SECRET`]: running.oauth.clientSecret,
            ...(running.oauth.tokenUrl === undefined
              ? {}
              : { [`CROCHET_OAUTH_${capitals}_TOKEN_URL`]: running.oauth.tokenUrl })
          }),
      // Private networks are closed to connectors and destinations unless the operator opens them.
      CROCHET_EGRESS_ALLOW: "127.0.0.0/8",
      CROCHET_LOG_LEVEL: "debug"
    },
    logFile
  )
  closing.push(server.stop)
  const crochet = await server.ready
  done("Crochet", `${crochet.url}  process ${server.pid}, ready after ${(crochet.millis / 1000).toFixed(1)} s`)

  const api = makeApi(crochet.url, apiKey)
  const { secret } = await api.post("webhook.register", { category: app.category, url: receiver.url })
  receiver.trust({ apiKey, secret })
  const imported = performance.now()
  const { integrationId } = await api.post("integration.import", {
    appId: app.id,
    originOrgId: "acme",
    ...running.account
  })
  done("Account connected", `${integrationId}; the first sync starts by itself`)
  print()

  /** Watches a run to its end, and the receiver with it. */
  const watch = async (syncRunId: string, title: string, since: number) => {
    const bar = progress(title)
    for (;;) {
      const run = await api.get("sync.run.get", { syncRunId })
      const got = receiver.received.filter(
        (event) => event.syncRunId === syncRunId && event.recordId !== undefined
      ).length
      if (run.status === "completed") {
        bar.end(got, run.emitted, `record events received and acknowledged in ${seconds(since)}`)
        return
      }
      if (!["queued", "running", "processed"].includes(run.status) || performance.now() - since > limitMillis) {
        throw new Error(`The ${title} is ${run.status} after ${seconds(since)}: ${JSON.stringify(run.issues)}`)
      }
      bar.show(got, Math.max(run.emitted, got), `${run.status}, ${run.counts.processed} read`)
      await pause(40)
    }
  }

  const expectedFirst = running.present()
  // An app with several data types starts a run for each; the story follows one, the books sum up the others.
  const firstRuns: ReadonlyArray<{ readonly syncRunId: string; readonly dataType: string }> = (
    await api.get("sync.runs.list", {}, integrationId)
  ).runs
  const firstRun = firstRuns.find(({ dataType }) => dataType === app.dataType)
  if (firstRun === undefined) throw new Error(`No sync of ${app.dataType} was started`)
  const otherRuns = firstRuns.filter((run) => run !== firstRun)
  await watch(firstRun.syncRunId, "initial sync", imported)
  for (const run of otherRuns) await watch(run.syncRunId, run.dataType, imported)

  // Things happen in the account; a delta finds out what.
  const expected = running.change()
  for (const text of await running.personal()) canaries.add(text)
  const changed = performance.now()
  const { syncRunId: secondRun } = await api.post(
    "sync.start",
    { dataType: app.dataType, syncType: "delta_sync" },
    integrationId
  )
  await watch(secondRun, "delta sync", changed)

  // The books: what Crochet says beside what the receiver saw.
  const { received } = receiver
  const runs = new Map([
    [firstRun.syncRunId, "initial_sync"],
    [secondRun, "delta_sync"],
    ...otherRuns.map(({ syncRunId }) => [syncRunId, "other types"] as const)
  ])
  const books = await booksOf(api, integrationId, runs, received)
  print()
  table(
    ["run", "event", "sent", "received", "Knit signature", "Standard Webhooks", "acknowledged"],
    books.map((line) => [
      line.run,
      line.eventType,
      line.sent,
      line.received,
      line.knit,
      line.standard,
      line.acknowledged
    ]),
    2
  )
  print()

  // The same search must find these people where they are: in the events. Then finding none elsewhere means something.
  const events = new Map([["events", Buffer.from(received.map(({ body }) => body).join("\n"))]])
  const checks = claims({
    words: app.words,
    received,
    books,
    initial: { runId: firstRun.syncRunId, expected: expectedFirst },
    delta: { runId: secondRun, expected },
    refusesForgery: receiver.refusesForgery(),
    leftOvers: leftOvers(database),
    control: search(canaries, events),
    midway,
    final: search(canaries, filesOf(database, logFile))
  })
  for (const { claim, found, holds } of checks) {
    if (holds) done(claim)
    else print(`  ${red("✗")} ${claim}\n      ${red(found ?? "")}`)
  }
  return {
    held: checks.every(({ holds }) => holds),
    /** Prints what can be tried by hand, and every event that comes. */
    stay: () => {
      const authorization = `-H "Authorization: Bearer ${apiKey}"`
      print(`\n${bold("Everything stays up; Ctrl-C ends it and removes its files.")}

  reference   ${crochet.url}/docs
  API key     ${apiKey}
  log         ${logFile}

  ${dim(`# change something in ${app.name}`)}
  curl ${running.curl}
  ${dim("# have the difference sent")}
  curl ${crochet.url}/v1.0/sync.start ${authorization} \\
    -H "X-Knit-Integration-Id: ${integrationId}" -d '{"dataType": "${app.dataType}", "syncType": "delta_sync"}'
  ${dim("# see the runs and the events")}
  curl ${crochet.url}/v1.0/sync.runs.list ${authorization}
  curl '${crochet.url}/v1.0/events.list?pageSize=5' ${authorization}
`)
      follow = (event) =>
        print(
          `  ${green("→")} ${event.eventType} ${event.recordId ?? ""} ${dim(event.knit && event.standard ? "both signatures are good" : "NOT SIGNED")}`
        )
    }
  }
}

const run = async (app: App, once: boolean) => {
  const ended = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve)
    process.once("SIGTERM", resolve)
  })
  try {
    const story = await Promise.race([tell(app), ended.then(() => undefined)])
    if (story !== undefined) {
      print()
      print(
        story.held
          ? `  ${green(bold("Everything held"))} after ${seconds(began)}.`
          : `  ${red(bold("Something did not hold."))} The files stay in ${folder}`
      )
      if (story.held && !once) {
        story.stay()
        await ended
      }
      process.exitCode = story.held ? 0 : 1
    } else process.exitCode = 130
    await shutDown(story?.held === false)
  } catch (error) {
    print(`\n  ${red("✗")} ${error instanceof Error ? error.message : String(error)}`)
    await shutDown(true)
    print(`  ${dim(`The server's log and database stay in ${folder}`)}`)
    process.exitCode = 1
  }
}

await run(asked.app, asked.once)
