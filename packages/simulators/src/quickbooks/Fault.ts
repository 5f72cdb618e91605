import type { Reply } from "../server/Reply.ts"
import { stamp } from "./Stamp.ts"

/** What an error says. */
export interface Complaint {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly detail?: string
  readonly type?: string
}

/** The data layer's error: capital letters, and the time in the company's zone. */
export const dataFault = ({ code, detail, message, status, type }: Complaint, now: number): Reply => ({
  status,
  json: {
    Fault: {
      Error: [{ Message: message, Detail: detail ?? message, code, element: "" }],
      type: type ?? "ValidationFault"
    },
    time: stamp(now, true)
  }
})

/** The gateway's error: lower-case letters, everything else of the envelope empty, the time in milliseconds. */
export const gatewayFault = ({ code, detail, message, status, type }: Complaint, now: number): Reply => ({
  status,
  json: {
    warnings: null,
    intuitObject: null,
    fault: { error: [{ message, detail: detail ?? null, code, element: null }], type: type ?? "SERVICE" },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: now,
    status: null,
    cdcresponse: []
  }
})

/** The same error as XML, which older parts of the gateway send whatever was accepted. */
export const xmlFault = ({ code, detail, message, status, type }: Complaint, now: number): Reply => ({
  status,
  headers: { "content-type": "application/xml" },
  text:
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse time="${stamp(now, true)}" ` +
    `xmlns="http://schema.intuit.com/finance/v3"><Fault type="${type ?? "SERVICE"}"><Error code="${code}">` +
    `<Message>${message}</Message><Detail>${detail ?? message}</Detail></Error></Fault></IntuitResponse>`
})

/** What the gateway says of an access token that it does not take. */
export const tokenRefused: Complaint = {
  status: 401,
  code: "3200",
  message: "message=AuthenticationFailed; errorCode=003200; statusCode=401",
  detail: "Token expired",
  type: "AUTHENTICATION"
}

/** What the gateway says when the token is for another company. */
export const wrongRealm: Complaint = {
  status: 403,
  code: "3100",
  message: "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
}

/** What the app says when it is asked too much; the status is 429 today and was 403 before. */
export const throttled = (status: number): Complaint => ({
  status,
  code: "3001",
  message: `message=ThrottleExceeded; errorCode=003001; statusCode=${status}`,
  detail: "The request limit was reached.  Try again later",
  type: "SERVICE"
})

/** A query that cannot be answered. */
export const invalidQuery = (detail: string, code = "4001"): Complaint => ({
  status: 400,
  code,
  message: code === "4000" ? "Error parsing query" : "Invalid query",
  detail: `QueryValidationError: ${detail}`
})

/** An id that does not exist. */
export const notFound: Complaint = {
  status: 400,
  code: "610",
  message: "Object Not Found",
  detail:
    "Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, invoices, items, vendors or employees."
}
