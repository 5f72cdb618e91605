import type { TransportRequest } from "../../delivery/Transport.ts"
import type { MemoryState } from "../../store/memory/MemoryState.ts"
import type { Crypto } from "../../vault/Crypto.ts"
import type { Invariant } from "./Ledger.ts"
import type { Stores } from "./Machine.ts"

/** A way to break core's wiring, and the invariant that must then be reported. */
export interface Sabotage {
  readonly breaks: Invariant
  readonly stores?: (stores: Stores, state: MemoryState) => Stores
  readonly request?: (request: TransportRequest, requests: number) => TransportRequest
  readonly crypto?: (crypto: Crypto["Service"]) => Crypto["Service"]
}
