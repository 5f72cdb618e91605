/** What the audit log tells of. Others are added here, so that a filter can name them all. */
export const actions = [
  "api_key.create",
  "api_key.revoke",
  "auth.refused",
  "auth.throttled",
  "database.restore",
  "deletions.discard",
  "deletions.release",
  "destination.delete",
  "destination.register",
  "destination.rotate_secret",
  "destination.update",
  "event.read_body",
  "event.replay",
  "event.replay_cancel",
  "event.retry",
  "integration.authorize",
  "integration.connect",
  "integration.connect_refused",
  "integration.deactivate",
  "integration.import",
  "integration.purge",
  "integration.update",
  "master_key.rotate",
  "signing_key.rotate",
  "workspace.create"
] as const
/** What was done. */
export type Action = (typeof actions)[number]

/** Facts about it: never a secret, never a value of a record. */
export type Detail = { readonly [name: string]: string | number | boolean | null | ReadonlyArray<string> }

/** One line of a workspace's audit log. */
export interface AuditEntry {
  readonly workspaceId: string
  /** 1, 2, 3, … within the workspace, without a gap. */
  readonly position: number
  readonly at: number
  /** An API key's id, `operator` for somebody at the command line, `system` for Crochet itself. */
  readonly actor: string
  readonly action: Action
  /** The id of what it was done to. */
  readonly target: string | null
  readonly detail: Detail
  /** The hash of the entry before; empty for the first. */
  readonly previousHash: string
  readonly hash: string
}

/** Where a chain ends: the entry before the next one. */
export interface Head {
  readonly position: number
  readonly hash: string
}

/** The end of a chain without entries. */
export const start: Head = { position: 0, hash: "" }

/**
 * The keyed hash of an entry and everything before it. The key is the workspace's, so that whoever can write to the
 * database, but has no master key, cannot make a chain that holds.
 */
export const hashOf = (fingerprint: (text: string) => string, entry: Omit<AuditEntry, "hash">): string => {
  const { action, actor, at, detail, position, previousHash, target, workspaceId } = entry
  return fingerprint(
    `audit|${JSON.stringify([workspaceId, position, at, actor, action, target, detail, previousHash])}`
  )
}

/** What is wrong with a chain where it first does not hold. */
export interface Break {
  readonly position: number
  readonly problem: "missing" | "changed" | "not linked"
}

/** Whether the entry follows the head; null when it does. */
export const breakAt = (fingerprint: (text: string) => string, head: Head, entry: AuditEntry): Break | null => {
  const position = head.position + 1
  if (entry.position !== position) return { position, problem: "missing" }
  if (entry.previousHash !== head.hash) return { position, problem: "not linked" }
  return entry.hash === hashOf(fingerprint, entry) ? null : { position, problem: "changed" }
}
