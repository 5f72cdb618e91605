/** What databases say of themselves when they cannot work, and our words for it: theirs may quote a stored value. */
const words: ReadonlyArray<readonly [RegExp, string]> = [
  [/disk is full|no space left|disk full/i, "the disk or the database is full"],
  [/read-?only/i, "the database is read-only"],
  [/database (table )?is locked|lock timeout/i, "another process holds the database's lock"],
  [/disk I\/O error|could not (read|write|extend|fsync)/i, "the disk fails"],
  [/unable to open|malformed|not a database/i, "the database's file cannot be used"],
  [/too many (clients|connections)|remaining connection slots/i, "the database has no connection left"],
  [/starting up|shutting down|in recovery mode/i, "the database is starting or stopping"],
  [/no answer/i, "the database does not answer"],
  [/statement timeout/i, "the database takes too long"],
  [/terminat|connection|ECONN|EPIPE|socket|closed/i, "the connection to the database is broken"],
  [/time(d)? ?out/i, "the database takes too long"]
]

/** Why a database is away, for an operator's log; null when it says nothing that we know. */
export const wordsOf = (cause: unknown): string | null => {
  const messages: Array<string> = []
  let at: unknown = cause
  for (let depth = 0; at instanceof Error && depth < 5; depth++) {
    messages.push(at.message)
    at = at.cause ?? ("reason" in at ? at.reason : undefined)
  }
  // What lies deeper may be told more precisely: a driver says of everything that the socket broke.
  return words.find(([pattern]) => messages.some((message) => pattern.test(message)))?.[1] ?? null
}
