import { type QuickBooksOptions, type QuickBooksSimulator, startQuickBooks } from "@crochet/simulators"
import { atTheEnd } from "./CleanUp.ts"

/** A simulated QuickBooks company, closed by `cleanUp`: an app that wants to be told when an account ends. */
export const quickBooks = async (options: QuickBooksOptions = {}): Promise<QuickBooksSimulator> => {
  const running = await startQuickBooks({ customers: 3, vendors: 2, invoices: 2, bills: 1, ...options })
  atTheEnd(running.close)
  return running
}

/** What the program must be told to sign people in there. */
export const quickBooksEnvironment = (simulator: QuickBooksSimulator) => ({
  CROCHET_BASE_URL_QUICKBOOKS: simulator.url,
  CROCHET_OAUTH_QUICKBOOKS_CLIENT_ID: simulator.clientId,
  CROCHET_OAUTH_QUICKBOOKS_CLIENT_SECRET: simulator.clientSecret,
  CROCHET_OAUTH_QUICKBOOKS_TOKEN_URL: simulator.tokenUrl,
  CROCHET_OAUTH_QUICKBOOKS_AUTHORIZE_URL: simulator.authorizeUrl,
  CROCHET_OAUTH_QUICKBOOKS_REVOKE_URL: simulator.revokeUrl
})
