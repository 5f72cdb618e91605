import { describe } from "@effect/vitest"
import * as AccountSuite from "./store/AccountSuite.ts"
import * as AuditStoreSuite from "./store/AuditStoreSuite.ts"
import * as AuthorizationSuite from "./store/AuthorizationSuite.ts"
import * as BarrierSuite from "./store/BarrierSuite.ts"
import * as BooksSuite from "./store/BooksSuite.ts"
import * as DestinationSuite from "./store/DestinationSuite.ts"
import * as FlowSuite from "./store/FlowSuite.ts"
import * as KeyStoreSuite from "./store/KeyStoreSuite.ts"
import * as OrderChangeSuite from "./store/OrderChangeSuite.ts"
import * as OrderSuite from "./store/OrderSuite.ts"
import * as OutboxStoreSuite from "./store/OutboxStoreSuite.ts"
import * as PageSuite from "./store/PageSuite.ts"
import * as ReplayOutcomeSuite from "./store/ReplayOutcomeSuite.ts"
import * as ReplaySuite from "./store/ReplaySuite.ts"
import * as RevocationSuite from "./store/RevocationSuite.ts"
import type { StoreLayer } from "./store/Setup.ts"
import * as SigningKeySuite from "./store/SigningKeySuite.ts"
import * as SyncStoreSuite from "./store/SyncStoreSuite.ts"

/**
 * What every implementation of the storage ports must do. Call it in a test file with the layer under test, which gives
 * a fresh, empty store each time it is built; times come from effect's Clock.
 */
export const suite = (name: string, layer: StoreLayer): void => {
  describe(`${name} keeps the storage ports' promises`, () => {
    KeyStoreSuite.suite(layer)
    SigningKeySuite.suite(layer)
    AccountSuite.suite(layer)
    AuthorizationSuite.suite(layer)
    RevocationSuite.suite(layer)
    DestinationSuite.suite(layer)
    SyncStoreSuite.suite(layer)
    PageSuite.suite(layer)
    OutboxStoreSuite.suite(layer)
    BarrierSuite.suite(layer)
    BooksSuite.suite(layer)
    FlowSuite.suite(layer)
    AuditStoreSuite.suite(layer)
    OrderSuite.suite(layer)
    OrderChangeSuite.suite(layer)
    ReplaySuite.suite(layer)
    ReplayOutcomeSuite.suite(layer)
  })
}
