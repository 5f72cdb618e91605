import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { CrochetClient, ReplayOptions } from "../client/CrochetClient.ts"
import type { CrochetError } from "../client/CrochetError.ts"
import * as Output from "./Output.ts"
import { ask, client, flags } from "./ServerConnection.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))
const follow = Flag.Boolean("follow").pipe(
  Flag.withAlias("f"),
  Flag.withDescription("Show progress until everything is settled"),
  Flag.withDefault(false)
)
const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional)

const watch = (
  crochet: CrochetClient,
  replayId: string,
  options: { readonly follow: boolean; readonly json: boolean }
): Effect.Effect<void, CrochetError> =>
  Effect.gen(function* () {
    let view = yield* ask(() => crochet.events.getReplay(replayId))
    let shown = ""
    while (options.follow && view.state !== "completed" && view.state !== "cancelled") {
      const line = Output.replayProgress(view)
      if (line !== shown && !options.json) yield* Console.log(line)
      shown = line
      yield* Effect.sleep("1 second")
      view = yield* ask(() => crochet.events.getReplay(replayId))
    }
    yield* Console.log(options.json ? Output.json(view) : Output.replay(view))
    if (options.follow && (view.state !== "completed" || view.events.expired > 0)) {
      yield* Effect.sync(() => {
        process.exitCode = 1
      })
    }
  })

const start = Command.make(
  "replay",
  {
    eventIds: Argument.String("event-id").pipe(Argument.withDescription("ev_…"), Argument.variadic()),
    run: text("run", "Events of this sync run (sr_…)"),
    destination: text("destination", "Events that went to this destination (dest_…)"),
    integration: text("integration", "Events of this integration (int_…)"),
    type: text("type", "Events of this type, e.g. record.modified"),
    state: Flag.Literals("state", ["pending", "acknowledged", "expired", "discarded"]).pipe(
      Flag.withDescription("Events in this state; default all but acknowledged ones"),
      Flag.optional
    ),
    from: text("from", "Written at this time or later, e.g. 2026-05-01T00:00:00Z"),
    to: text("to", "Written before this time"),
    rate: Flag.Int("rate").pipe(Flag.withDescription("Events per second at most"), Flag.optional),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("Only count what would be sent again"),
      Flag.withDefault(false)
    ),
    follow,
    json,
    ...flags
  },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    const value = <A>(key: string, option: Option.Option<A>) => (Option.isSome(option) ? { [key]: option.value } : {})
    const request = {
      ...(options.eventIds.length === 0 ? {} : { eventIds: options.eventIds }),
      ...value("syncRunId", options.run),
      ...value("destinationId", options.destination),
      ...value("integrationId", options.integration),
      ...value("eventType", options.type),
      ...(Option.isSome(options.state) ? { states: [options.state.value] } : {}),
      ...value("from", options.from),
      ...value("to", options.to),
      ...value("ratePerSecond", options.rate),
      dryRun: options.dryRun
    } as ReplayOptions
    const { matching, replay } = yield* ask(() => crochet.events.replay(request))
    if (matching !== null) {
      return yield* Console.log(options.json ? Output.json(matching) : Output.matching(matching))
    }
    return yield* watch(crochet, replay!.replayId, options)
  })
).pipe(
  Command.withDescription("Send events again; records are read again from the app"),
  Command.withExamples([
    { command: "crochet events replay --run sr_123 --follow", description: "What of a run did not arrive" },
    {
      command: "crochet events replay --destination dest_1 --from 2026-05-01T10:00:00Z --state acknowledged --rate 50",
      description: "What a receiver lost after it had taken it in"
    }
  ])
)

const list = Command.make(
  "replays",
  { json, ...flags },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    const page = yield* ask(() => crochet.events.replays({ pageSize: 200 }))
    yield* Console.log(options.json ? Output.json(page.replays) : Output.replays(page.replays))
  })
).pipe(Command.withDescription("List the replays"))

const replayId = Argument.String("replay-id").pipe(Argument.withDescription("rp_…"))

const status = Command.make(
  "replay-status",
  { id: replayId, follow, json, ...flags },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    yield* watch(crochet, options.id, options)
  })
).pipe(Command.withDescription("Show one replay; with --follow, exits 1 unless everything was delivered"))

const cancel = Command.make(
  "replay-cancel",
  { id: replayId, json, ...flags },
  Effect.fnUntraced(function* (options) {
    const crochet = yield* client(options)
    const view = yield* ask(() => crochet.events.cancelReplay(options.id))
    yield* Console.log(options.json ? Output.json(view) : Output.replay(view))
  })
).pipe(Command.withDescription("Stop a replay; the events that it has made are still delivered"))

/** `crochet events …`, against a running server. */
export const command = Command.make("events").pipe(
  Command.withDescription("Send events of a running server again"),
  Command.withSubcommands([start, list, status, cancel])
)
