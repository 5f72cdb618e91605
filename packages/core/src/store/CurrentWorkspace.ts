import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * Whose rows the stores show and change: those of all workspaces (workers, scheduler, operator), of one (a caller), or
 * of none (a request of which it is not known yet whose it is).
 */
export type Scope = "everyone" | "nobody" | { readonly workspaceId: string }

/**
 * The scope of what a fiber asks the stores for. A database with a wall between workspaces shows it nothing else,
 * whatever a statement asks for.
 */
export const CurrentWorkspace = Context.Reference<Scope>("@crochet/core/CurrentWorkspace", {
  defaultValue: () => "everyone"
})

/** Lets an effect see rows of that workspace alone. */
export const within =
  (workspaceId: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(self, CurrentWorkspace, { workspaceId })

/** Lets an effect see rows of all workspaces: for what is not done in the name of one. */
export const everyone = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(self, CurrentWorkspace, "everyone")

/** Keeps an effect from the stores, until `within` or `everyone` say whose rows it is about. */
export const nobody = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(self, CurrentWorkspace, "nobody")
