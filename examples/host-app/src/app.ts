import { playground } from "@crochet/connector-playground"
import { createCrochet, CrochetError, type CrochetOptions } from "@crochet/runtime-node"
import { StaffDirectory } from "./StaffDirectory.ts"
import { serveWeb } from "./webRequests.ts"

/** The product: its own routes, and Crochet's HTTP interface under `/crochet`. */
export const makeApp = async (options: Pick<CrochetOptions, "database" | "onEvent"> = {}) => {
  const directory = new StaffDirectory()
  const crochet = await createCrochet({
    ...options,
    connectors: [playground],
    mountPath: "/crochet",
    onEvent: async (event) => {
      // When this throws, the event comes again later; what is stored has been acknowledged.
      directory.take(event)
      await options.onEvent?.(event)
    }
  })

  const handle = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    const customer = searchParams.get("customer") ?? ""
    if (pathname.startsWith("/crochet/")) return crochet.handler(request)
    if (request.method === "GET" && pathname === "/people") return Response.json(directory.of(customer))
    if (request.method === "POST" && pathname === "/connect") {
      try {
        const settings = await request.json()
        return Response.json(
          await crochet.integrations.import({ appId: "playground", originOrgId: customer, settings })
        )
      } catch (error) {
        if (!(error instanceof CrochetError)) throw error
        // Made to be shown: what was wrong, where, and what to do.
        const { code, field, message, resolution } = error
        return Response.json({ code, field, message, resolution }, { status: 422 })
      }
    }
    return new Response(null, { status: 404 })
  }
  return { crochet, directory, server: serveWeb(handle) }
}
