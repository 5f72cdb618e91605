import { cleanUp } from "@crochet/proof/CleanUp"
import { afterAll } from "@effect/vitest"

export { folder, type Program, serving, start, stop } from "@crochet/proof/Program"

afterAll(cleanUp)
