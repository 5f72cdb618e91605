/** What a receiver must hear of a round of changes, by record id. */
export interface Expected {
  readonly new: ReadonlySet<string>
  readonly modified: ReadonlySet<string>
  /** With the reason that the event must carry. */
  readonly deleted: ReadonlyMap<string, string>
}

/** How the claims speak of an app's records, each after a number. */
export interface Words {
  /** `active employees` */
  readonly present: string
  /** `who were hired` */
  readonly added: string
  /** `who changed` */
  readonly changed: string
  /** `who left` */
  readonly gone: string
}

/** A simulated app with one account in it. */
export interface RunningApp {
  readonly url: string
  /** Who is there, in a few words. */
  readonly population: string
  /** Credentials and settings as `integration.import` takes them. */
  readonly account: {
    readonly credentials: { readonly [field: string]: string }
    readonly settings?: { readonly [key: string]: string }
    readonly authScheme?: string
  }
  /** The client that Crochet is in the app's OAuth 2, for apps that need one. */
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string; readonly tokenUrl?: string }
  /** Ids of every record that the first sync must send. */
  readonly present: () => ReadonlySet<string>
  /** Makes things happen in the account. */
  readonly change: () => Expected
  /** Every personal value that the app holds right now: what must not be found in Crochet's files. */
  readonly personal: () => Promise<ReadonlySet<string>>
  /** What `curl` must be given to change something by hand. */
  readonly curl: string
  readonly close: () => Promise<unknown>
}

/** An app that the demo can tell its story with. */
export interface App {
  /** As in `--app` and in `integration.import`. */
  readonly id: string
  readonly name: string
  /** `HRIS`, `CRM`, …: the category that the webhook is registered for. */
  readonly category: string
  /** The data type whose records the story follows. */
  readonly dataType: string
  /** `employees` */
  readonly records: string
  readonly words: Words
  readonly start: () => Promise<RunningApp>
}
