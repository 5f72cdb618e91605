/** Opens a database, runs the statement that it is given, says what came of it, and closes nothing. */
import { SqliteClient } from "@crochet/runtime-node"
import { Effect, Scope } from "effect"
import { Reactivity } from "effect/reactivity"

const sql = await Effect.runPromise(
  SqliteClient.make({ path: ":memory:" }).pipe(Scope.provide(Scope.makeUnsafe()), Effect.provide(Reactivity.layer))
)
process.stdout.write(JSON.stringify(await Effect.runPromise(sql.unsafe(process.argv[2]!))))
