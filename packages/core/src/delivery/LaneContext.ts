import type * as Clock from "effect/Clock"
import type * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type * as Semaphore from "effect/Semaphore"
import type { DestinationStore } from "../store/DestinationStore.ts"
import type { OutboxStore } from "../store/OutboxStore.ts"
import type { Vault } from "../vault/Vault.ts"
import type { DestinationKeys } from "./DestinationKeys.ts"
import type { DispatcherOptions } from "./DispatcherOptions.ts"
import type { FairGate } from "./FairGate.ts"
import type { HeldEvents } from "./HeldEvents.ts"
import type { Settler } from "./Settler.ts"
import type { Transport } from "./Transport.ts"
import type { Watchdog } from "./Watchdog.ts"

/** What all lanes share. */
export interface LaneContext extends DispatcherOptions {
  readonly outbox: OutboxStore["Service"]
  readonly destinations: DestinationStore["Service"]
  readonly keys: DestinationKeys["Service"]
  readonly vault: Vault["Service"]
  readonly transport: Transport["Service"]
  readonly clock: Clock.Clock
  /** What signatures carry as the time, epoch milliseconds. */
  readonly signatureTime: () => number
  readonly random: Random.Random
  readonly scope: Scope.Scope
  readonly settler: Settler
  readonly gate: FairGate
  /** Who asks the store for a destination takes a permit. */
  readonly claims: Semaphore.Semaphore
  readonly watchdog: Watchdog
  /** Everything that this process holds. */
  readonly held: HeldEvents
  readonly owner: string
  /** Monotonic milliseconds, which leases are measured in. */
  readonly ticks: () => number
  readonly stopping: () => boolean
  /** Called when a request begins (+1) and ends (−1). */
  readonly sending: (difference: 1 | -1) => void
}
