import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Api } from "./Api.ts"
import { codes } from "./ErrorCodes.ts"

const rows = Object.entries(codes)
  .map(([code, text]) => `<tr id="${code}"><td><code>${code}</code></td><td>${text.replaceAll("<", "&lt;")}</td></tr>`)
  .join("")

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Crochet: error codes</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
td{padding:.4rem 1rem .4rem 0;vertical-align:top}tr:target{background:#ffeeba}
@media(prefers-color-scheme:dark){body{background:#16181d;color:#e6e6e6}tr:target{background:#4a3f10}}</style>
<h1>Error codes</h1><p>Every failed call answers with <code>{"success":false,"error":{"msg","code",…}}</code>.</p>
<table>${rows}</table>`

/** `/docs`, the browsable reference (all of it served from here, nothing from a CDN), and `/docs/errors`. */
export const layer = Layer.mergeAll(
  HttpApiScalar.layer(Api, { path: "/docs", scalar: { withDefaultFonts: false } }),
  HttpRouter.add("GET", "/docs/errors", HttpServerResponse.html(page))
)
