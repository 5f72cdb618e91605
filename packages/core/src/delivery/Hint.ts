/**
 * What the operator of a receiver should know about an answer that did not acknowledge; null when there is nothing to
 * say. `event.get` and `webhook.test` show the same.
 */
export const hintOf = (status: number | null, acknowledged: boolean): string | null => {
  if (status === null || acknowledged) return null
  if (status >= 200 && status < 300) return "Only 200 acknowledges. Answer 200, or set ack to 2xx with webhook.update."
  if (status >= 300 && status < 400) return "Redirects are not followed. Register the final URL with webhook.update."
  if (status === 401 || status === 403) return "The receiver refused. Check which key it verifies signatures with."
  if (status === 410) return "410 pauses the destination. Resume it with webhook.update and state active."
  return null
}
