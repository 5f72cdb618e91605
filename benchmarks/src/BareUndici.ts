import { Agent, request } from "undici"

/** POSTs the body so many times and does nothing else; how many a second. */
export const bare = async (
  url: string,
  body: Uint8Array,
  options: { readonly count: number; readonly concurrency: number }
): Promise<number> => {
  const { concurrency, count } = options
  const agent = new Agent({ connections: concurrency })
  let left = count
  const began = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) {
        const answer = await request(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          dispatcher: agent
        })
        await answer.body.dump()
        if (answer.statusCode !== 200) throw new Error(`The receiver answered ${answer.statusCode}`)
      }
    })
  )
  const seconds = (performance.now() - began) / 1000
  await agent.close()
  return count / seconds
}
