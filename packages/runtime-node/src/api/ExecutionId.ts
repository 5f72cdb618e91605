import * as Context from "effect/Context"

/** The id that finds a request in the logs; sent with every answer as `X-Knit-Execution-Id`. */
export const ExecutionId = Context.Reference<string>("@crochet/runtime-node/api/ExecutionId", {
  defaultValue: () => ""
})

/** The response header that carries the execution id. */
export const header = "x-knit-execution-id"

/** Makes an execution id: `ex_` and 128 random bits. */
export const make = (): string => `ex_${crypto.randomUUID().replaceAll("-", "")}`
