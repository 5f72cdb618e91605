/**
 * QuickBooks Online connector for Crochet.
 *
 * @module
 */
export { connector, connector as default } from "./QuickBooks.ts"
