/**
 * An Ed25519 key pair of a workspace, which signs `v1a` (Standard Webhooks). The private key's seed is sealed. Times are
 * epoch milliseconds.
 */
export interface SigningKey {
  readonly id: string
  readonly workspaceId: string
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array
  /** The private key's seed, sealed with the workspace's key. */
  readonly sealedSeed: Uint8Array
  readonly createdAt: number
  /** When it stops signing, because another has taken its place; null for the current one. */
  readonly retiresAt: number | null
}

/** The change of a workspace's current key for a new one. */
export interface SigningKeyRotation {
  readonly key: SigningKey
  /** The id of the current key; null for the workspace's first. */
  readonly replaces: string | null
  /** When the replaced one stops signing. */
  readonly retiresAt: number
  /** Whether earlier ones stop no later than that, too. */
  readonly endEarlier: boolean
}
