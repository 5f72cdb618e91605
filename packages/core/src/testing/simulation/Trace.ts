/** What happened, step by step, with the true time of each. The same seed gives the same trace, byte for byte. */
export class Trace {
  readonly #steps: Array<ReadonlyArray<string | number>> = []
  readonly #now: () => number
  readonly #start: number

  constructor(now: () => number) {
    this.#now = now
    this.#start = now()
  }

  add(...words: ReadonlyArray<string>): void {
    this.#steps.push([this.#now() - this.#start, ...words])
  }

  get length(): number {
    return this.#steps.length
  }

  /** Every step, one a line. */
  text(): string {
    return this.#steps.map(line).join("\n")
  }

  /** The last steps that name one of the ids, with the last of what happened to the world up to there. */
  about(ids: ReadonlyArray<string>, most: number): string {
    const named = this.#steps.filter((step) => step.some((word) => typeof word === "string" && ids.includes(word)))
    const until = named.at(-1)?.[0] ?? Number.POSITIVE_INFINITY
    const incidents = this.#steps.filter((step) => step[1] === "incident" && step[0]! <= until)
    const chosen = new Set([...named.slice(-most), ...incidents.slice(-most)])
    return this.#steps
      .filter((step) => chosen.has(step))
      .map(line)
      .join("\n")
  }
}

const line = ([millis, ...words]: ReadonlyArray<string | number>): string => {
  const total = Number(millis)
  const hours = Math.floor(total / 3_600_000)
  const rest = (total % 3_600_000) / 60_000
  return `${String(hours).padStart(3)} h ${rest.toFixed(4).padStart(7, "0")} min  ${words.join("  ")}`
}
