import { createHash } from "node:crypto"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

/** What the browser is shown at the end of a sign-in. */
export interface SignInPage {
  readonly status: number
  readonly title: string
  readonly text: string
  /** What went wrong, for whoever is asked for help. */
  readonly detail?: { readonly msg: string; readonly code: string; readonly executionId: string }
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;color:#1f2328}
small{color:#59636e}@media(prefers-color-scheme:dark){body{background:#16181d;color:#e6e6e6}small{color:#9aa4af}}`

/** Nothing may be loaded, run, framed or submitted; the one style is known by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join("; ")

/** Of every answer to a browser that came back: the address has a code in it, which is to stay here. */
export const privacy = { "cache-control": "no-store", "referrer-policy": "no-referrer" }

const entities: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? "")

/** The page as an answer. Every text is escaped: an app's words are in some of them. */
export const answer = ({ detail, status, text, title }: SignInPage): HttpServerResponse.HttpServerResponse => {
  const small =
    detail === undefined
      ? ""
      : `<p><small>${escaped(detail.msg)}<br><code>${escaped(detail.code)}</code> ${escaped(detail.executionId)}</small></p>`
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${style}</style>
<h1>${escaped(title)}</h1><p>${escaped(text)}</p>${small}</html>`
  return HttpServerResponse.text(page, {
    status,
    contentType: "text/html; charset=utf-8",
    headers: { ...privacy, "content-security-policy": policy }
  })
}
