import { OpenApi } from "effect/http-api"
import { Api } from "../../src/api/Api.ts"

/** A parameter of a call, wherever it is. */
export interface Parameter {
  readonly name: string
  readonly in: "query" | "header" | "path" | "body"
  readonly required: boolean
  readonly schema: Schema
  /** The body field that it is in, when it is nested. */
  readonly within: string | null
}
/** A call with its parameters. */
export interface Call {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly parameters: ReadonlyArray<Parameter>
}
/** What of JSON Schema matters here. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | ReadonlyArray<string>
  readonly enum?: ReadonlyArray<unknown>
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: ReadonlyArray<string>
  readonly items?: Schema
  readonly anyOf?: ReadonlyArray<Schema>
  readonly oneOf?: ReadonlyArray<Schema>
  readonly allOf?: ReadonlyArray<Schema>
}

/** Every call of the definition, as its description says. */
export const calls = (): ReadonlyArray<Call> => {
  const document = JSON.parse(JSON.stringify(OpenApi.fromApi(Api))) as {
    readonly components: { readonly schemas: { readonly [name: string]: Schema } }
    readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  }
  interface Operation {
    readonly parameters?: ReadonlyArray<{
      readonly name: string
      readonly in: "query" | "header" | "path"
      readonly required?: boolean
      readonly schema: Schema
    }>
    readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: Schema } } }
  }
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : resolve(document.components.schemas[schema.$ref.split("/").at(-1)!]!)
  const fieldsOf = (given: Schema, within: string | null, depth: number): ReadonlyArray<Parameter> => {
    const schema = resolve(given)
    if (depth > 6) return []
    return [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, field]): ReadonlyArray<Parameter> => [
        {
          name,
          in: "body",
          required: within === null && (schema.required ?? []).includes(name),
          schema: resolve(field),
          within
        },
        ...fieldsOf(field, within === null ? name : `${within}.${name}`, depth + 1)
      ]),
      ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((one) =>
        fieldsOf(one, within, depth + 1)
      ),
      ...(schema.items === undefined ? [] : fieldsOf(schema.items, within ?? "[]", depth + 1))
    ]
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Call => ({
      method: method.toUpperCase() as Call["method"],
      path,
      parameters: [
        ...(operation.parameters ?? []).map((one) => ({
          name: one.name.toLowerCase().startsWith("x-") ? one.name.toLowerCase() : one.name,
          in: one.in,
          required: one.required ?? false,
          schema: resolve(one.schema),
          within: null
        })),
        ...Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema, null, 0))
      ]
    }))
  )
}

/** Whether a text, without a list of words to choose from, can be given. */
export const takesText = ({ schema }: Parameter): boolean => {
  const kinds = [
    schema,
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items])
  ]
  return kinds.some((kind) => kind.enum === undefined && [kind.type].flat().includes("string"))
}
