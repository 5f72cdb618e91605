import type { Effort, Stage } from "./Stage.ts"

/** What a check took. */
export interface Spent extends Readonly<Effort> {
  readonly title: string
  /** Milliseconds by the wall clock. */
  readonly millis: number
}

/** Begins to measure; what is returned ends it. */
export const begin = (title: string, { effort }: Stage): (() => Spent) => {
  const before = { ...effort }
  const since = performance.now()
  return () => ({
    title,
    millis: performance.now() - since,
    worlds: effort.worlds - before.worlds,
    runs: effort.runs - before.runs,
    requests: effort.requests - before.requests,
    asked: effort.asked - before.asked
  })
}

const line = ({ asked, millis, requests, runs, title, worlds }: Spent): string =>
  `${Math.round(millis)} ms: ${title} (${worlds} apps, ${runs} runs, ${requests} requests, ${asked} of them to the app)`

/** All of it, then the slowest checks: `812 ms: employee: … (1 apps, 14 runs, 230 requests, 40 of them to the app)`. */
export const lines = (spent: ReadonlyArray<Spent>, slowest = 10): ReadonlyArray<string> => {
  const sum = (of: (one: Spent) => number) => spent.reduce((all, one) => all + of(one), 0)
  const whole: Spent = {
    title: `${spent.length} checks`,
    millis: sum(({ millis }) => millis),
    worlds: sum(({ worlds }) => worlds),
    runs: sum(({ runs }) => runs),
    requests: sum(({ requests }) => requests),
    asked: sum(({ asked }) => asked)
  }
  const sorted = [...spent].sort((a, b) => b.millis - a.millis)
  return [whole, ...sorted.slice(0, slowest)].map(line)
}
