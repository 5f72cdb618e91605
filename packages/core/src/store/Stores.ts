import type { AuditStore } from "./AuditStore.ts"
import type { AuthorizationStore } from "./AuthorizationStore.ts"
import type { DestinationStore } from "./DestinationStore.ts"
import type { IntegrationStore } from "./IntegrationStore.ts"
import type { KeyStore } from "./KeyStore.ts"
import type { OutboxStore } from "./OutboxStore.ts"
import type { ReplayStore } from "./ReplayStore.ts"
import type { RevocationStore } from "./RevocationStore.ts"
import type { SyncStore } from "./SyncStore.ts"

/** Every storage port. */
export type Stores =
  | KeyStore
  | IntegrationStore
  | AuthorizationStore
  | RevocationStore
  | DestinationStore
  | SyncStore
  | OutboxStore
  | ReplayStore
  | AuditStore
