import type { App } from "./App.ts"
import { bamboohr } from "./apps/BambooHR.ts"
import { quickbooks } from "./apps/QuickBooks.ts"
import { salesforce } from "./apps/Salesforce.ts"
import { workable } from "./apps/Workable.ts"

/** The apps that the demo knows; the first is taken unless another is asked for. */
export const apps: ReadonlyArray<App> = [bamboohr, workable, salesforce, quickbooks]
