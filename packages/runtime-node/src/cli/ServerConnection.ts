import * as Effect from "effect/Effect"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Caller from "../client/Caller.ts"
import * as CrochetClient from "../client/CrochetClient.ts"
import { CrochetError } from "../client/CrochetError.ts"
import * as OperatorHttp from "./OperatorHttp.ts"

/** The flags of commands that talk to a running server. */
export const flags = {
  url: Flag.String("url").pipe(
    Flag.withDescription("The server; default CROCHET_URL, else http://127.0.0.1:4400"),
    Flag.optional
  ),
  key: Flag.Redacted("key").pipe(Flag.withDescription("The API key; default CROCHET_API_KEY"), Flag.optional)
}

/** A client of the server that the flags and the environment name. */
export const client = (options: {
  readonly url: Option.Option<string>
  readonly key: Option.Option<Redacted.Redacted>
}): Effect.Effect<CrochetClient.CrochetClient, CrochetError> => {
  const apiKey = Option.match(options.key, { onNone: () => process.env["CROCHET_API_KEY"], onSome: Redacted.value })
  const port = process.env["CROCHET_PORT"]
  const baseUrl = Option.getOrUndefined(options.url) ?? process.env["CROCHET_URL"] ?? `http://127.0.0.1:${port || 4400}`
  if (apiKey === undefined || apiKey === "") {
    return Effect.fail(
      new CrochetError("There is no API key.", {
        code: "auth.missing_api_key",
        status: 0,
        resolution: "Set CROCHET_API_KEY, or give --key. `crochet keys create` makes a key."
      })
    )
  }
  if (URL.parse(baseUrl) === null) {
    return Effect.fail(
      new CrochetError("The server's URL is not a URL.", {
        code: "client.url",
        status: 0,
        resolution: "Give --url (or CROCHET_URL) like http://127.0.0.1:4400."
      })
    )
  }
  return Effect.succeed(
    CrochetClient.make(
      Caller.make({ baseUrl: baseUrl.replace(/\/+$/, ""), apiKey, send: (request) => OperatorHttp.send(request) })
    )
  )
}

/** A call as an effect. */
export const ask = <A>(call: () => Promise<A>): Effect.Effect<A, CrochetError> =>
  Effect.tryPromise({
    try: call,
    catch: (error) =>
      error instanceof CrochetError
        ? error
        : new CrochetError(String(error), { code: "client.failed", status: 0 }, { cause: error })
  })
