import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Link } from "../../shared/Link.ts"
import { CandidateEmail, CandidatePhone } from "../Contact.ts"
import { User } from "../User.ts"

/** Who the candidate is. The first twelve fields are Knit's, in Knit's order. `applications` holds ids of `ats_applications`. */
export const CandidateInfo = Schema.Struct({
  id: Field.text(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  phones: Field.list(CandidatePhone),
  emails: Field.list(CandidateEmail),
  links: Field.list(Link),
  tags: Field.list(Schema.String, "personal"),
  title: Field.text("personal"),
  company: Field.text("personal"),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  applications: Field.list(Schema.String),
  source: Field.text(),
  sourceDetail: Field.text(),
  owner: Field.optional(User),
  isConfidential: Field.flag(),
  canEmail: Field.flag(),
  lastInteractionAt: Field.dateTime(),
  profileUrl: Field.text(),
  photoUrl: Field.text("personal"),
  summary: Field.text("personal")
})

/** `candidate_info`. */
export const candidateInfo = DataType.model({
  id: "candidate_info",
  title: "Candidate",
  schema: CandidateInfo
})
