/** What a run of the proof was asked for. */
export interface Request {
  /** Everything random follows from it. */
  readonly seed: number
  /** As many kills, seeds and events as a night has time for. */
  readonly long: boolean
  /** Only as much as a change has to wait for. */
  readonly ci: boolean
  /** How long the soak takes, or a replay keeps its pace, instead of the usual time. */
  readonly minutes?: number
  /** Kills at this crash point alone. */
  readonly point?: string
  /** Tells a person who waits what is going on. */
  readonly say: (text: string) => void
}

/** One promise as a number: what was measured, what was promised, whether it holds. */
export interface Line {
  readonly what: string
  readonly measured: string
  readonly promised: string
  readonly holds: boolean
}

/** What a section found. */
export interface Report {
  readonly lines: ReadonlyArray<Line>
  /** Everything that the lines were made from, for `--json`. */
  readonly raw: unknown
  /** The first details of what does not hold. */
  readonly details?: ReadonlyArray<string>
}

/** A part of the proof, with a name for `--only`. */
export interface Section {
  readonly name: string
  /** What it shows, in one line. */
  readonly shows: string
  /** Whether it mostly waits: it goes on beside its neighbours that do, and takes part in no measurement of speed. Some only do with what is asked of them in CI. */
  readonly waits?: boolean | "in CI"
  readonly run: (request: Request) => Promise<Report>
}

/** A number that must be exactly this. */
export const exactly = (what: string, measured: number, promised: number): Line => ({
  what,
  measured: String(measured),
  promised: String(promised),
  holds: measured === promised
})

/** A number that must not be larger. */
export const atMost = (what: string, measured: number, promised: number, unit = "", digits = 0): Line => ({
  what,
  measured: `${measured.toFixed(digits)}${unit}`,
  promised: `≤ ${promised}${unit}`,
  holds: measured <= promised
})

/** How much longer than promised something may take in CI, whose machine has other work. */
const ciPatience = 5

/** A time, or a ratio of times, that must not be longer; in CI it fails only when it is far from that. */
export const within = (
  { ci }: Pick<Request, "ci">,
  what: string,
  measured: number,
  promised: number,
  unit: string,
  digits: number
): Line => ({
  ...atMost(what, measured, promised, unit, digits),
  holds: measured <= promised * (ci ? ciPatience : 1)
})

/** A number that must not be smaller. */
export const atLeast = (what: string, measured: number, promised: number, unit = ""): Line => ({
  what,
  measured: `${measured}${unit}`,
  promised: `≥ ${promised}${unit}`,
  holds: measured >= promised
})

/** A number that is told and not promised. */
export const told = (what: string, measured: string): Line => ({ what, measured, promised: "–", holds: true })
