/** A call that Crochet refused, in its own words. */
export class RefusedCall extends Error {}

/** The few calls that the demo makes, over HTTP like anybody's. */
export const makeApi = (url: string, apiKey: string) => {
  const send = async (method: string, call: string, integrationId: string | undefined, body?: object) => {
    const response = await fetch(`${url}/v1.0/${call}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        ...(integrationId === undefined ? {} : { "X-Knit-Integration-Id": integrationId })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const answer = await response.json()
    if (answer.success !== true) {
      const { code, field, msg, resolution } = answer.error
      throw new RefusedCall(
        `${call}: ${response.status} ${code}: ${msg}${field === undefined ? "" : ` (${field})`} ${resolution ?? ""}`
      )
    }
    return answer.data
  }
  return {
    post: (call: string, body: object, integrationId?: string) => send("POST", call, integrationId, body),
    get: (call: string, query: Record<string, string> = {}, integrationId?: string) =>
      send("GET", `${call}?${new URLSearchParams(query)}`, integrationId),
    /** Every item of a list, page after page. */
    all: async (call: string, plural: string, query: Record<string, string>, integrationId?: string) => {
      const items: Array<Record<string, unknown>> = []
      let token: string | null = ""
      while (token !== null) {
        const page = await send(
          "GET",
          `${call}?${new URLSearchParams({ ...query, pageSize: "200", ...(token === "" ? {} : { pageToken: token }) })}`,
          integrationId
        )
        items.push(...page[plural])
        token = page.nextPageToken
      }
      return items
    }
  }
}
