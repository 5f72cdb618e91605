/** The server that benchmarks and proofs start, too. */
export * from "../../../../demo/PostgresServer.ts"
