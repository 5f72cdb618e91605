/**
 * Salesforce connector for Crochet.
 *
 * @module
 */
export { connector, connector as default } from "./Salesforce.ts"
