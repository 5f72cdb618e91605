import type { Server } from "node:http"
import type { Socket } from "node:net"
import { codes } from "../api/ErrorCodes.ts"

const answers: { readonly [code: string]: readonly [status: string, code: string, resolution: string] } = {
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "request.timeout", "Send the whole request at once."],
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    "request.headers_too_large",
    "Send fewer or shorter headers."
  ]
}
const malformed = ["400 Bad Request", "request.malformed", "Send a request of HTTP/1.1."] as const

/** Answers what Node does not take for a request in the envelope of all other answers, and hangs up. */
export const answer = (server: Server): void => {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy()
      return
    }
    const [status, code, resolution] = answers[error.code ?? ""] ?? malformed
    const body = JSON.stringify({ success: false, error: { msg: codes[code], code, resolution } })
    const head = [
      `HTTP/1.1 ${status}`,
      "Connection: close",
      "Content-Type: application/json",
      "Cache-Control: no-store",
      `Content-Length: ${Buffer.byteLength(body)}`
    ]
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`)
    // Whoever does not take the answer does not keep the socket.
    setTimeout(() => socket.destroy(), 1000).unref()
  })
}
