/** An option of a simulator's command line. */
export interface Option {
  /** `number`: a whole number; `switch`: on when it is given. */
  readonly kind: "number" | "text" | "switch"
  /** What it does, with its default, in one line. */
  readonly help: string
}

/** The options that were given, already checked: absent is undefined, and the simulator's own default then holds. */
export interface Given {
  readonly number: (option: string) => number | undefined
  readonly text: (option: string) => string | undefined
  readonly on: (option: string) => boolean
}

/** A simulator that runs, and what whoever started it should know. */
export interface Started {
  /** `BambooHR simulator with 225 active and 25 inactive employees` */
  readonly title: string
  readonly url: string
  /** Credentials and settings for the connector, each with its name. */
  readonly account: ReadonlyArray<readonly [name: string, value: string]>
  /** Settings that Crochet needs beside the base URL, such as the client of an OAuth app. */
  readonly environment?: ReadonlyArray<readonly [name: string, value: string]>
  /** What `curl` must be given for a first look. */
  readonly look: string
  /** Control commands worth trying: the path below `/_control/` with its query, and the JSON to send, if any. */
  readonly control: ReadonlyArray<readonly [path: string, body?: string]>
  readonly close: () => Promise<void>
}

/** An app of the command line: `crochet-simulators <id> [options]`. */
export interface Command {
  /** The app's id, as in `CROCHET_BASE_URL_<ID>`. */
  readonly id: string
  readonly name: string
  /** Beside `--port`, `--seed`, `--rate` and `--help`, which every app has. */
  readonly options: { readonly [name: string]: Option }
  /** Rejects with `InvalidInput` for what the simulator cannot use. */
  readonly start: (given: Given, common: Common) => Promise<Started>
}

/** What every app takes, as its own options take it: to be spread into them. */
export interface Common {
  readonly port: number
  readonly seed?: number
  readonly rateLimit?: { readonly requests: number; readonly perMillis: number }
}
