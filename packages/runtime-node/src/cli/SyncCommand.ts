import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Output from "./Output.ts"
import { ask, client, flags } from "./ServerConnection.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))
const integration = Flag.String("integration").pipe(
  Flag.withAlias("i"),
  Flag.withDescription("The integration (int_…)")
)

const ended = ["completed", "incomplete", "failed", "cancelled"]

const start = Command.make(
  "start",
  {
    dataType: Argument.String("data-type").pipe(Argument.withDescription("employee, ats_jobs, …")),
    integration,
    delta: Flag.Boolean("delta").pipe(
      Flag.withDescription("Read what changed, not everything"),
      Flag.withDefault(false)
    ),
    destination: Flag.String("destination").pipe(
      Flag.withDescription("Webhook URL; default the category's"),
      Flag.optional
    ),
    json,
    ...flags
  },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    const started = yield* ask(() =>
      crochet.syncs.start({
        integrationId: options.integration,
        dataType: options.dataType,
        syncType: options.delta ? "delta_sync" : "initial_sync",
        ...(Option.isSome(options.destination) ? { destination: options.destination.value } : {})
      })
    )
    yield* Console.log(
      options.json
        ? Output.json(started)
        : `Started ${started.syncRunId} of ${started.syncJobId}. Follow it: crochet sync run ${started.syncRunId} --follow`
    )
  })
).pipe(
  Command.withDescription("Start a sync"),
  Command.withExamples([
    { command: "crochet sync start employee --integration int_123", description: "Read all employees of an account" }
  ])
)

const list = Command.make(
  "list",
  { integration: Flag.optional(integration), json, ...flags },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    const page = yield* ask(() =>
      crochet.syncs.jobs({ integrationId: Option.getOrUndefined(options.integration), pageSize: 200 })
    )
    yield* Console.log(options.json ? Output.json(page.jobs) : Output.jobs(page.jobs))
  })
).pipe(Command.withDescription("List the sync jobs"))

const runs = Command.make(
  "runs",
  {
    integration: Flag.optional(integration),
    limit: Flag.Int("limit").pipe(Flag.withDescription("How many, at most 200"), Flag.withDefault(20)),
    json,
    ...flags
  },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    const page = yield* ask(() =>
      crochet.syncs.runs({ integrationId: Option.getOrUndefined(options.integration), pageSize: options.limit })
    )
    yield* Console.log(options.json ? Output.json(page.runs) : Output.runs(page.runs))
  })
).pipe(Command.withDescription("List the latest sync runs"))

const run = Command.make(
  "run",
  {
    id: Argument.String("run-id").pipe(Argument.withDescription("sr_…")),
    follow: Flag.Boolean("follow").pipe(
      Flag.withAlias("f"),
      Flag.withDescription("Show progress until the run ends"),
      Flag.withDefault(false)
    ),
    json,
    ...flags
  },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    let view = yield* ask(() => crochet.syncs.run(options.id))
    let shown = ""
    while (options.follow && !ended.includes(view.status)) {
      const line = Output.progress(view)
      if (line !== shown && !options.json) yield* Console.log(line)
      shown = line
      yield* Effect.sleep("1 second")
      view = yield* ask(() => crochet.syncs.run(options.id))
    }
    yield* Console.log(options.json ? Output.json(view) : Output.run(view))
    if (options.follow && view.status !== "completed") {
      yield* Effect.sync(() => {
        process.exitCode = 1
      })
    }
  })
).pipe(
  Command.withDescription("Show one sync run"),
  Command.withExamples([
    { command: "crochet sync run sr_123 --follow", description: "Wait for the end; exits 1 unless it completed" }
  ])
)

/** `crochet sync …`, against a running server. */
export const command = Command.make("sync").pipe(
  Command.withDescription("Start and watch syncs of a running server"),
  Command.withSubcommands([start, list, runs, run])
)
