/** What an API key may do. */
export const scopes = ["admin", "sync", "read", "events.body"] as const
/** What an API key may do: `admin` everything, `sync` start and change, `read` look, `events.body` see pending bodies. */
export type Scope = (typeof scopes)[number]

/** An API key without its text, of which only a hash is kept (and, for Knit destinations, a sealed copy). */
export interface ApiKey {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  /** The first characters, to recognise it by. */
  readonly prefix: string
  /** SHA-256 of the whole key, hex. Keys carry 256 random bits: no salt is needed. */
  readonly hash: string
  readonly scopes: ReadonlyArray<Scope>
  readonly createdAt: number
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
  /** The sealed key itself: kept only while a destination in Knit mode is signed with it. */
  readonly sealedKey: Uint8Array | null
}
