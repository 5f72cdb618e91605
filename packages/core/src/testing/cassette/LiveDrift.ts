import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type { Cassette } from "./Cassette.ts"
import * as Recording from "./Recording.ts"
import * as Shape from "./Shape.ts"

/** A live account to compare with. */
export interface Live extends Omit<Recording.Options, "connector" | "keep"> {
  readonly client: Layer.Layer<HttpClient.HttpClient>
}

/** What the account's answers have that the cassette does not, and the other way round. */
export const find = (connector: Recording.Options["connector"], cassette: Cassette, { client, ...live }: Live) =>
  Recording.record({ ...live, connector, keep: cassette.keep }).pipe(
    Effect.map((now) => Shape.drift(Shape.of(cassette), Shape.of(now))),
    Effect.provide(client)
  )

/**
 * A test that an app still answers as it did when the cassette was recorded: same keys, same kinds of values, no new
 * words. It runs when there is an account, which comes from the environment, and is skipped otherwise.
 */
export const suite = (
  connector: Recording.Options["connector"],
  cassette: Cassette,
  account: () => Live | undefined
): void => {
  describe(`${connector.app.name}, live`, () => {
    it("answers as it did when it was recorded", { timeout: 600_000 }, async (context) => {
      const live = account()
      if (live === undefined) return context.skip("no live account is given")
      const told = await Effect.runPromise(find(connector, cassette, live))
      if (told.length > 0) throw new Error(`${connector.app.name} has changed:\n${told.join("\n")}`)
    })
  })
}
