import type { Reply } from "../server/Reply.ts"

/** The older endpoints' errors: an HTML answer with nothing in it, the reason in a header and in its misspelt twin. */
export const legacyError = (status: number, message: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: {
    "content-type": "text/html; charset=UTF-8",
    "x-bamboohr-error-messsage": message,
    "x-bamboohr-error-message": message,
    ...headers
  },
  text: ""
})

/** The newer endpoints' errors. */
export const codeError = (status: number, code: string, message: string): Reply => ({
  status,
  json: { error: { code, message } }
})

/** The dataset endpoints' errors (RFC 7807); `fields` says what is wrong with which. */
export const problem = (status: number, title: string, detail: string, fields?: Record<string, string>): Reply => ({
  status,
  headers: { "content-type": "application/problem+json" },
  json: { type: "about:blank", title, status, detail, ...(fields === undefined ? {} : { fields }) }
})
