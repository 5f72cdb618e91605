export * as AppendOnly from "./AppendOnly.ts"
export * as Dialect from "./Dialect.ts"
export * as Migrations from "./Migrations.ts"
export * as SqlStore from "./SqlStore.ts"
