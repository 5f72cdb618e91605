/**
 * Waits for a fact that can be observed, at most so long; what did not come is named. The only wait of these tests: none
 * sleeps and hopes.
 */
export const until = async <A>(
  what: string,
  observe: () => A | undefined | false | Promise<A | undefined | false>,
  millis = 120_000
): Promise<A> => {
  const began = performance.now()
  const deadline = began + millis
  for (;;) {
    const seen = await observe()
    if (seen !== undefined && seen !== false) return seen
    if (performance.now() > deadline) throw new Error(`Not within ${millis} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, performance.now() - began < 2000 ? 25 : 100))
  }
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
