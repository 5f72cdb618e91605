/** What databases say of themselves when they cannot work, and our words for it: theirs may quote a stored value. */
const words: ReadonlyArray<readonly [RegExp, string]> = [
  [/disk is full|no space left|disk full/i, "the disk or the database is full"],
  [/read-?only/i, "the database is read-only"],
  [/database (table )?is locked|lock timeout/i, "another process holds the database's lock"],
  [/disk I\/O error|could not (read|write|extend|fsync)/i, "the disk fails"],
  [/unable to open|malformed|not a database/i, "the database's file cannot be used"],
  [/too many (clients|connections)|remaining connection slots/i, "the database has no connection left"],
  [/starting up|shutting down|in recovery mode/i, "the database is starting or stopping"],
  [/terminat|connection|ECONN|EPIPE|socket|closed/i, "the connection to the database is broken"],
  [/time(d)? ?out/i, "the database takes too long"]
]

/** Why a database is away, for an operator's log; null when it says nothing that we know. */
export const wordsOf = (cause: unknown): string | null => {
  let at: unknown = cause
  for (let depth = 0; at instanceof Error && depth < 5; depth++) {
    const { message } = at
    const known = words.find(([pattern]) => pattern.test(message))
    if (known !== undefined) return known[1]
    at = at.cause ?? ("reason" in at ? at.reason : undefined)
  }
  return null
}
