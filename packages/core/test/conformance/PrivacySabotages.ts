import { type AuthScheme, Page } from "@crochet/core"
import { Effect, Stream } from "effect"
import type { Sabotage } from "./Sabotage.ts"
import { parts, type Row, tiny, validate } from "./TinyConnector.ts"

let lastKey = ""

/** Connectors that are wrong about privacy. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "puts its key into the URL",
    connector: tiny(
      {},
      {
        auth: [
          {
            ...(tiny().auth[0] as AuthScheme.KeyScheme),
            headers: ({ apiKey }: AuthScheme.Values) => ({ authorization: `Bearer ${(lastKey = apiKey ?? "")}` })
          }
        ],
        validate: (client) =>
          Effect.tap(validate(client), () =>
            client.request({ operation: "validate", path: "/v1/me", query: { key: lastKey } })
          )
      }
    ),
    check: "no secret stands in a URL",
    says: /A secret stands in: .*key=⟨here⟩/
  },
  {
    name: "logs what it reads",
    connector: tiny({
      list: (context) =>
        Stream.tap(parts.list(context), (next) =>
          Page.isEnd(next) ? Effect.void : Effect.logInfo("read", next.records)
        )
    }),
    check: "no secret and no value",
    says: /A value of a record stands in/
  },
  {
    name: "writes values into its issues",
    connector: tiny({
      list: (context) =>
        Stream.tap(parts.list(context), (next) =>
          Page.isEnd(next)
            ? Effect.void
            : context.issue({ code: "tiny.read", message: `read ${(next.records[0] as Row).mail}` })
        )
    }),
    check: "no secret and no value",
    says: /A value of a record stands in: .*tiny\.read/
  }
]
