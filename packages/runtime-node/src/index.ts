/**
 * Runs Crochet on Node: inside another program with `createCrochet`, as a server with `crochet serve`.
 *
 * @module
 */
export { createCrochet, type Crochet, type CrochetOptions } from "./Crochet.ts"
export { CrochetError, type CrochetErrorDetails } from "./client/CrochetError.ts"
export type * from "./client/CrochetClient.ts"
export { type CrochetConfig, defineConfig, type LogLevel } from "./config/defineConfig.ts"
export type { ReceivedEvent, Receiver } from "./server/FunctionDestinations.ts"

/** The machine as a layer, for programs written with Effect. */
export * as CrochetLayer from "./Runtime.ts"
export * as HttpListener from "./server/HttpListener.ts"
export * as Routes from "./api/Routes.ts"
export * as Settings from "./config/Settings.ts"
export * as EgressGuard from "./egress/EgressGuard.ts"
export * as NameServers from "./egress/NameServers.ts"
export * as GuardedAgent from "./egress/GuardedAgent.ts"
export * as ProviderHttp from "./egress/ProviderHttp.ts"
export * as UndiciTransport from "./egress/UndiciTransport.ts"
export * as NodeCrypto from "./vault/NodeCrypto.ts"
export * as PostgresStore from "./postgres/PostgresStore.ts"
export * as SqliteClient from "./sqlite/SqliteClient.ts"
export * as SqliteStore from "./sqlite/SqliteStore.ts"
