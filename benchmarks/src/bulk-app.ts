/** The simulated Salesforce of `bulk.ts`, in a process of its own: making rows is the app's work. */
import { startSalesforce } from "@crochet/simulators"

const sim = await startSalesforce({ records: { Contact: Number(process.argv[2]) } })
process.stdout.write(
  `${JSON.stringify({ url: sim.url, tokenUrl: sim.tokenUrl, accessToken: sim.accessToken, refreshToken: sim.refreshToken })}\n`
)
process.stdin.resume().once("end", () => process.exit(0))
