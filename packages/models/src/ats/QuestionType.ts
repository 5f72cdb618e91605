/** How a question of an application form is answered. */
export const QuestionType = [
  "SHORT_TEXT",
  "LONG_TEXT",
  "NUMBER",
  "BOOLEAN",
  "DATE",
  "SINGLE_SELECT",
  "MULTI_SELECT",
  "FILE",
  "URL",
  "INFORMATION"
] as const
