import type { Reply } from "../server/Reply.ts"

/** An error as the REST API writes it: always a list. */
export const refusal = (status: number, errorCode: string, message: string, fields?: ReadonlyArray<string>): Reply => ({
  status,
  headers: { "content-type": "application/json;charset=UTF-8" },
  json: [{ message, errorCode, ...(fields === undefined ? {} : { fields }) }]
})

/** Thrown where a query cannot be answered; becomes the reply that it carries. */
export class Refused extends Error {
  readonly reply: Reply
  constructor(errorCode: string, message: string, status = 400) {
    super(`${errorCode}: ${message}`)
    this.name = "Refused"
    this.reply = refusal(status, errorCode, message)
  }
}
