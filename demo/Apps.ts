import type { App } from "./App.ts"
import { bamboohr } from "./apps/BambooHR.ts"

/** The apps that the demo knows; the first is taken unless another is asked for. */
export const apps: ReadonlyArray<App> = [bamboohr]
