/** What each stable error code of the HTTP interface itself means; the apps' codes carry their own resolutions. */
export const codes: { readonly [code: string]: string } = {
  "request.invalid_json": "The body is not JSON. Send a JSON object, encoded as UTF-8.",
  "request.invalid": "A value of the request has the wrong type or is missing; `field` says which one.",
  "request.too_many_values": "The body has more than 20,000 members and elements.",
  "request.unsupported_media":
    "The body is not JSON in UTF-8: send it as it is, not compressed and not as a form with files.",
  "request.timeout": "The request did not arrive within its time: 10 seconds for the headers, 30 for the whole.",
  "request.headers_too_large": "The headers of the request are larger than 16 KiB.",
  "request.malformed": "What was sent is not a request of HTTP.",
  "request.too_large": "The body is larger than 1 MiB.",
  "request.too_deep": "The body nests objects or arrays more than 64 levels deep.",
  "request.integration_missing": "The call concerns one integration: send its id in the header X-Knit-Integration-Id.",
  "request.invalid_page_token": "Send `nextPageToken` of the answer before as it is, or leave `pageToken` out.",
  "request.unknown_call": "There is no such call. /openapi.json lists them all.",
  "request.wrong_method": "The call exists with another method; the header Allow names it.",
  "auth.missing_api_key": "The call needs an API key: Authorization: Bearer <key>.",
  "auth.invalid_api_key": "The API key is unknown or revoked.",
  "auth.too_many_failures": "Too many calls with wrong keys came from this address. Wait as long as Retry-After says.",
  "auth.scope_missing": "The API key may not do this. Use a key with the scope that the message names.",
  "webhook.too_many_secrets": "Too many replaced secrets still sign. Wait until one ends, or end them with expireNow.",
  "webhook.too_many_keys": "Too many replaced keys still sign. Wait until one ends, or end them with expireNow.",
  "auth.invalid_credentials": "The app does not accept the credentials: connect the account again.",
  "auth.missing_permission": "The app accepts the credentials, but their user may not read this.",
  "capability.unsupported": "The app has no such thing.",
  "capability.not_implemented": "The app has it, the connector does not read it yet.",
  "store.unavailable": "The database is away or busy. The call changed nothing and can be sent again.",
  "store.conflict":
    "Another call changed the same thing at the same time. Read it again before you send the call again.",
  "audit.unwritten":
    "The call was carried out, but its entry in the audit log could not be written. The server's log says why.",
  "vault.unavailable": "Sealed data could not be opened. The server's log says why, under the execution id.",
  "upstream.rate_limited": "The app asks to slow down.",
  "upstream.unavailable": "The app, or the way to it, is down or too slow.",
  "upstream.bad_payload": "The app answered something that it does not document.",
  "upstream.invalid_request": "The app refused the request: check the account's settings and the sync's filters.",
  "upstream.not_found": "The app has no such thing.",
  internal: "A fault of the server. Look for the execution id in its log."
}
