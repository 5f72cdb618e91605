import { bamboohr } from "../bamboohr/BambooHRCommand.ts"
import { quickbooks } from "../quickbooks/QuickBooksCommand.ts"
import { salesforce } from "../salesforce/SalesforceCommand.ts"
import { workable } from "../workable/WorkableCommand.ts"
import type { Command } from "./Command.ts"

/** The apps of the command line. */
export const commands: ReadonlyArray<Command> = [bamboohr, quickbooks, salesforce, workable]
