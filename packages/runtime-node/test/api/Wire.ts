import { assert } from "@effect/vitest"
import { Layer, Logger } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import * as Routes from "../../src/api/Routes.ts"
import * as Fakes from "../ServiceFakes.ts"

/** The API over services that only note what reaches them. */
export const { handler, dispose } = HttpRouter.toWebHandler(
  Routes.layer.pipe(
    Layer.provide(Fakes.layer),
    Layer.provide(HttpServer.layerServices),
    Layer.provideMerge(Logger.layer([]))
  ),
  { disableLogger: true }
)

// The wire is what is under test here: answers are taken as they come, whatever their shape.
/* oxlint-disable typescript/no-explicit-any */

/** What the API answered. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: { success: boolean; data?: any; error?: any }
}

/** One request, with the admin's key unless told otherwise. Each answer has an execution id. */
export const send = async (
  method: string,
  path: string,
  options: { body?: unknown; text?: string; key?: string | null; headers?: Record<string, string> } = {}
): Promise<Answer> => {
  const key = options.key === undefined ? Fakes.apiKey : options.key
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  const response = await handler(
    new Request(`http://localhost${path}`, {
      method,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...options.headers },
      ...(body === undefined ? {} : { body })
    })
  )
  const text = await response.text()
  assert.match(
    response.headers.get("x-knit-execution-id") ?? "",
    /^ex_[0-9a-f]{32}$/,
    `${method} ${path}: no execution id`
  )
  return { status: response.status, headers: response.headers, json: JSON.parse(text) }
}

export const withIntegration = { headers: { "X-Knit-Integration-Id": "int_1" } }
