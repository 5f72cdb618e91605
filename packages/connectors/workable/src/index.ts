/**
 * Workable connector for Crochet.
 *
 * @module
 */
export { connector, connector as default } from "./Workable.ts"
