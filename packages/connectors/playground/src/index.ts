export { playground } from "./Playground.ts"
export type { PlaygroundRow } from "./PlaygroundRow.ts"
