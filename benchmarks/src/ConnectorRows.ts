import type { Connector, Resource } from "@crochet/core"
import { type Crochet, createCrochet } from "@crochet/runtime-node"
import type { RunningApp } from "../../demo/App.ts"
import { apps } from "../../demo/Apps.ts"

/** Raw rows of a data type, as the connector streamed them to the engine for a subscription to these models. */
export interface Rows {
  readonly resource: Resource.AnyResource
  /** Keys of the models. */
  readonly models: ReadonlyArray<string>
  readonly rows: ReadonlyArray<unknown>
}

/** Accounts of connectors that need no simulator. */
const withoutSimulator: { readonly [appId: string]: Pick<RunningApp, "account"> } = {
  playground: { account: { credentials: {}, settings: { employees: "500" } } }
}

/**
 * The raw rows of every data type of the app, read from the demo's simulator of it through the whole machine: with all
 * models that a sync has by default, and with the first of them alone, for which many connectors read less. Undefined
 * when the demo has no such app.
 */
export const rowsOf = async (connector: Connector.Connector): Promise<ReadonlyArray<Rows> | undefined> => {
  const { id } = connector.app
  const running = await apps.find((one) => one.id === id)?.start()
  const account = (running ?? withoutSimulator[id])?.account
  if (account === undefined) return undefined
  const recorded = new Map<string, Array<unknown>>(connector.resources.map(({ dataType }) => [dataType.id, []]))
  const recording = {
    ...connector,
    resources: connector.resources.map((resource) => ({
      ...resource,
      toRecord: (row: unknown) => {
        recorded.get(resource.dataType.id)!.push(row)
        return resource.toRecord(row)
      }
    }))
  }
  const crochet = await createCrochet({
    connectors: [recording],
    database: "sqlite::memory:",
    egressAllow: ["127.0.0.0/8"],
    log: { level: "error" },
    onEvent: () => Promise.resolve(),
    ...(running === undefined ? {} : { baseUrls: { [id]: running.url } }),
    ...(running?.oauth === undefined ? {} : { oauth: { [id]: running.oauth } })
  })
  try {
    const { integrationId } = await crochet.integrations.import({ appId: id, originOrgId: "bench", ...account })
    await idle(crochet, id, integrationId)
    const found: Array<Rows> = []
    for (const resource of connector.resources) {
      const dataType = resource.dataType.id
      const models = Object.entries(resource.dataType.models).filter(
        ([key, model]) => model.byDefault && resource.support[key]?.support === "SUPPORTED"
      )
      found.push({ resource, models: models.map(([key]) => key), rows: recorded.get(dataType)!.splice(0) })
      const [first] = models
      if (first === undefined || models.length === 1) continue
      await crochet.syncs.start({ integrationId, dataType, models: [first[1].id], syncType: "initial_sync" })
      await idle(crochet, id, integrationId)
      found.push({ resource, models: [first[0]], rows: recorded.get(dataType)!.splice(0) })
    }
    return found
  } finally {
    await crochet.close()
    await running?.close()
  }
}

/** Waits until every run is over, and throws if one did not end well. */
const idle = async (crochet: Crochet, appId: string, integrationId: string): Promise<void> => {
  for (;;) {
    const { runs } = await crochet.syncs.runs({ integrationId, pageSize: 200 })
    for (const { dataType, issues, status } of runs) {
      if (["failed", "incomplete", "cancelled"].includes(status)) {
        throw new Error(`The sync of ${appId}'s ${dataType} is ${status}: ${JSON.stringify(issues)}`)
      }
    }
    if (runs.length > 0 && runs.every(({ status }) => status === "completed")) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
