/**
 * A hostile network over real sockets on the loopback address: what clients, connectors and databases must survive.
 *
 * @module
 */
export { type FaultProxy, type FaultProxyCounts, type FaultProxyOptions, startFaultProxy } from "./FaultProxy.ts"
export { type Direction, type Toxic, type ToxicKind, toxicKinds } from "./Toxic.ts"
