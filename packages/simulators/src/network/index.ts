/**
 * A hostile network over real sockets on the loopback address: what clients, connectors and databases must survive.
 *
 * @module
 */
export { type FaultProxy, type FaultProxyCounts, type FaultProxyOptions, startFaultProxy } from "./FaultProxy.ts"
export { type Direction, type Toxic, type ToxicKind, toxicKinds } from "./Toxic.ts"
export { holds, type PreparedVector, runEgressVectors, type VectorResult } from "./EgressProof.ts"
export {
  blockedVectors,
  controlVectors,
  type EgressVector,
  type VectorReason,
  type VectorSettings
} from "./EgressVectors.ts"
export type { DnsRecord, RecordType } from "./DnsMessage.ts"
export { type DnsAnswer, type DnsQuestion, type DnsServer, startDnsServer } from "./DnsServer.ts"
export { type HostileReceiver, startDeafReceiver, startHostileReceiver } from "./HostileReceiver.ts"
export { type Misbehaviour, misbehaviours } from "./Misbehaviour.ts"
