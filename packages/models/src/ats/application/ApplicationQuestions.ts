import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { QuestionType } from "../QuestionType.ts"

/** A file that was given as an answer. */
export const AnswerFile = Schema.Struct({ name: Field.text("personal"), url: Field.text("personal") })

/** An answer, under the name of what it is: one of the six is not null. `choices` are the texts of what was chosen. */
export const Answer = Schema.Struct({
  text: Field.text("personal"),
  choices: Field.list(Schema.String, "personal"),
  number: Field.number("personal"),
  boolean: Field.boolean("personal"),
  date: Field.date("personal"),
  files: Field.list(AnswerFile, "personal")
})

/** A question of the application form and its answer. */
export const QuestionResponse = Schema.Struct({
  questionId: Field.text(),
  title: Field.text(),
  type: Field.enumeration(QuestionType),
  answer: Field.optional(Answer, "personal"),
  typeRaw: Field.text()
})

/** `application_questions`. */
export const applicationQuestions = DataType.model({
  id: "application_questions",
  title: "Answers to questions",
  schema: Schema.Array(QuestionResponse)
})
