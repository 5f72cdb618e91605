import { cleanUp } from "@crochet/proof/CleanUp"
import { afterAll } from "@effect/vitest"

export { app, inbox, type Installation, installation } from "@crochet/proof/World"

afterAll(cleanUp)
