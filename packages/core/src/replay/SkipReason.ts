/** Why a replay leaves events out, and what to do about it. Codes of apps that refuse come on top, with their own words. */
export const skipReasons = {
  "replay.superseded": "Nothing: a newer event of the record is sent, or was.",
  "replay.run_event": "Nothing: the receiver was told of the run, and is told once.",
  "replay.not_reproducible": "Nothing: the event was about a moment that has passed; ask for the present state.",
  "replay.unwanted": "Let the destination have this event type with webhook.update.",
  "replay.unknown_record": "Start an initial sync with sync.start: nothing is known of the record any more.",
  "capability.unsupported": "The app cannot be asked for single records: start an initial sync with sync.start.",
  "record.unreadable": "The record does not fit its model: report it, with the app's name.",
  "sync.not_found": "Start the sync again with sync.start.",
  "destination.not_found": "Register a webhook with webhook.register, and name it with sync.update.",
  "integration.inactive": "Connect the account again, then replay once more.",
  "connector.missing": "Add the connector to crochet.config.ts and start again, then replay once more."
} as const
/** Why a replay leaves an event out. */
export type SkipReason = keyof typeof skipReasons

/** What to do about events that were left out. */
export const resolutionOf = (reason: string): string =>
  (skipReasons as { readonly [reason: string]: string })[reason] ??
  "The app refused to show the record: see the code, mend it there, then replay once more."
