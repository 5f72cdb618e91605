export { apiKey, basic, bearer, clientCredentials, none, oauth2 } from "./AuthPreset.ts"
export { connector, type Declaration as ConnectorDeclaration, resetAt } from "./DeclaredConnector.ts"
export { type Declaration as ResourceDeclaration, type Deletions, resource, type Since } from "./DeclaredResource.ts"
export type { RecordMap } from "./Mapping.ts"
export { subdomain } from "./SettingPreset.ts"
export {
  cursor,
  type Endpoint,
  inBody,
  keyset,
  linkHeader,
  nextUrl,
  offset,
  pageNumber,
  type Way,
  whole
} from "./Way.ts"
