import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Where a link leads. */
export const LinkType = ["LINKEDIN", "GITHUB", "TWITTER", "FACEBOOK", "PORTFOLIO", "BLOG", "WEBSITE", "OTHER"] as const

/** A link to a person's or company's page. */
export const Link = Schema.Struct({
  type: Field.enumeration(LinkType),
  url: Field.text("personal")
})
