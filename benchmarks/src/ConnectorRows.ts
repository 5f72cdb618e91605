import type { Connector, Resource } from "@crochet/core"
import { createCrochet } from "@crochet/runtime-node"
import type { RunningApp } from "../../demo/App.ts"
import { apps } from "../../demo/Apps.ts"

/** The raw rows of a data type, as the connector streamed them to the engine. */
export interface Rows {
  readonly resource: Resource.AnyResource
  readonly rows: ReadonlyArray<unknown>
}

/** Accounts of connectors that need no simulator. */
const withoutSimulator: { readonly [appId: string]: Pick<RunningApp, "account"> } = {
  playground: { account: { credentials: {}, settings: { employees: "500" } } }
}

/**
 * Every raw row that a first sync of the app's account reads, with all models that a sync has by default: from the
 * demo's simulator of the app, through the whole machine. Undefined when the demo has no such app.
 */
export const rowsOf = async (connector: Connector.Connector): Promise<ReadonlyArray<Rows> | undefined> => {
  const { id } = connector.app
  const app = apps.find((one) => one.id === id)
  const running = await app?.start()
  const account = (running ?? withoutSimulator[id])?.account
  if (account === undefined) return undefined
  const recorded = connector.resources.map((resource) => ({ resource, rows: [] as Array<unknown> }))
  const recording = {
    ...connector,
    resources: recorded.map(({ resource, rows }) => ({
      ...resource,
      toRecord: (row: unknown) => {
        rows.push(row)
        return resource.toRecord(row)
      }
    }))
  }
  const crochet = await createCrochet({
    connectors: [recording],
    database: "sqlite::memory:",
    egressAllow: ["127.0.0.0/8"],
    onEvent: () => Promise.resolve(),
    ...(running === undefined ? {} : { baseUrls: { [id]: running.url } }),
    ...(running?.oauth === undefined ? {} : { oauth: { [id]: running.oauth } })
  })
  try {
    const { integrationId } = await crochet.integrations.import({ appId: id, originOrgId: "bench", ...account })
    for (;;) {
      const { runs } = await crochet.syncs.runs({ integrationId, pageSize: 200 })
      const failed = runs.find(({ status }) => ["failed", "incomplete", "cancelled"].includes(status))
      if (failed !== undefined)
        throw new Error(`${id}: the sync of ${failed.dataType} ${failed.status}: ${JSON.stringify(failed.issues)}`)
      if (runs.length > 0 && runs.every(({ status }) => status === "completed")) return recorded
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await crochet.close()
    await running?.close()
  }
}
