import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as EgressGuard from "../egress/EgressGuard.ts"
import * as ProviderHttp from "../egress/ProviderHttp.ts"

/** Where the person at the terminal points the program, it may go: into private networks, too. */
const everywhere = { allow: ["0.0.0.0/0", "::/0"] }

/** Sends a web request through a guard with these settings; rejects with what went wrong, in words. */
export const send = (request: Request, settings: Partial<EgressGuard.EgressSettings> = everywhere): Promise<Response> =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const answer = yield* client.execute(HttpClientRequest.fromWeb(request))
    const body = yield* answer.text
    const bodiless = request.method === "HEAD" || answer.status === 204 || answer.status === 304
    return new Response(bodiless ? null : body, { status: answer.status, headers: answer.headers })
  }).pipe(
    Effect.timeout("30 seconds"),
    Effect.provide(ProviderHttp.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer(settings)))),
    Effect.mapError((error) =>
      error._tag === "HttpClientError"
        ? new Error(wordsOf(error.reason.cause) ?? error.message, { cause: error })
        : new Error("No answer within 30 seconds")
    ),
    Effect.runPromise
  )

const wordsOf = (cause: unknown): string | undefined =>
  cause instanceof AggregateError
    ? wordsOf(cause.errors[0])
    : cause instanceof Error && cause.message !== ""
      ? cause.message
      : undefined
