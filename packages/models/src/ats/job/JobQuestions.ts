import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { QuestionType } from "../QuestionType.ts"

/** What a question is for. */
export const QuestionCategory = ["EEO", "DEMOGRAPHIC", "GENERAL"] as const

/** One of the answers to choose from. */
export const QuestionOption = Schema.Struct({ id: Field.text(), text: Field.text() })

/** The question is asked only after these answers to another one. */
export const QuestionDependency = Schema.Struct({ questionId: Field.text(), answers: Field.list(Schema.String) })

/** A question of a job's application form. `min` and `max` bound numbers, `maxLength` texts, `acceptedTypes` files. */
export const JobQuestion = Schema.Struct({
  id: Field.text(),
  title: Field.text(),
  description: Field.text(),
  type: Field.enumeration(QuestionType),
  required: Field.flag(),
  options: Field.list(QuestionOption),
  min: Field.number(),
  max: Field.number(),
  maxLength: Field.number(),
  acceptedTypes: Field.list(Schema.String),
  category: Field.enumeration(QuestionCategory),
  index: Field.number(),
  dependsOn: Field.optional(QuestionDependency),
  typeRaw: Field.text()
})

/** `job_questions`. */
export const jobQuestions = DataType.model({
  id: "job_questions",
  title: "Questions",
  schema: Schema.Array(JobQuestion)
})
