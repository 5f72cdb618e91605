/**
 * BambooHR connector for Crochet.
 *
 * @module
 */
export { connector, connector as default } from "./BambooHR.ts"
