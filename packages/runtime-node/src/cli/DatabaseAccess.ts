import { Access, type Audit, type KeyStore, type SyncStore } from "@crochet/core"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Installation from "../config/Installation.ts"
import * as MasterKey from "../config/MasterKey.ts"
import * as Runtime from "../Runtime.ts"
import * as Logging from "../server/Logging.ts"
import { here } from "./ServeCommand.ts"

/** Works on the database of the working directory itself: a lost key must not lock its owner out. */
export const withAccess = <A, E extends Error, R>(
  config: Option.Option<string>,
  use: (access: Access.Access["Service"], workspaceId: string) => Effect.Effect<A, E, R>
): Effect.Effect<A, Error, Exclude<R, Access.Access | Audit.Audit | KeyStore.KeyStore | SyncStore.SyncStore>> =>
  Effect.gen(function* () {
    const { settings } = yield* Installation.load(here(config))
    const masterKey = yield* MasterKey.load(settings)
    return yield* Effect.gen(function* () {
      const access = yield* Access.Access
      const { workspaceId } = yield* access.bootstrap(settings.apiKey ?? undefined)
      return yield* use(access, workspaceId)
    }).pipe(
      Effect.provide(Runtime.layerAccess({ settings, masterKey })),
      Effect.provide(Logging.layer({ ...settings.log, level: "warning" }))
    )
  })
