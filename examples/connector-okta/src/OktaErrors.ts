import type { Connector } from "@crochet/core"

/** Okta's words: `{"errorCode":"E0000011","errorSummary":"Invalid token provided", …}`. */
export const messageOf = ({ text }: Connector.UpstreamAnswer): string | undefined => {
  if (!text.startsWith("{") || text.length > 65_536) return undefined
  const { errorCode, errorSummary } = JSON.parse(text) as { readonly [key: string]: unknown }
  return typeof errorSummary === "string" ? `${errorSummary} (${String(errorCode)})` : undefined
}
