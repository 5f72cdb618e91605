export * as SqliteClient from "./sqlite/SqliteClient.ts"
export * as SqliteStore from "./sqlite/SqliteStore.ts"
