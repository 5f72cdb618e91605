/**
 * Okta connector for Crochet.
 *
 * @module
 */
export { connector, connector as default } from "./Okta.ts"
