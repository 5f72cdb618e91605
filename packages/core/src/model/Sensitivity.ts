import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/**
 * How much harm the disclosure of a field would do.
 *
 * `none` < `personal` (names, contact, birth date) < `financial` (pay, bank accounts) < `special` (ethnicity, gender
 * identity, health, union: GDPR article 9) < `government_id`. Field scopes, log redaction and masking read this tag.
 */
export type Sensitivity = "none" | "personal" | "financial" | "special" | "government_id"

/** All levels, from harmless to most harmful. */
export const levels: ReadonlyArray<Sensitivity> = ["none", "personal", "financial", "special", "government_id"]

/** The key under which a schema's annotations carry its `Sensitivity`. */
export const annotationKey = "crochet/sensitivity"

/** Whether `sensitivity` is at least as harmful as `threshold`. */
export const isAtLeast = (sensitivity: Sensitivity, threshold: Sensitivity): boolean =>
  levels.indexOf(sensitivity) >= levels.indexOf(threshold)

/** A field that holds a value, by its path inside the model. */
export interface FieldSensitivity {
  /**
   * Keys joined by dots; `[]` stands for every item of a list and `*` for every key of an open map:
   * `manager.workEmail`, `[].routingInfo[].number`, `*`.
   */
  readonly path: string
  readonly sensitivity: Sensitivity
}

/**
 * The sensitivity of every value that the schema can hold, in the schema's order.
 *
 * A value inside a tagged list or object is at least as sensitive as its surroundings. An untagged value counts as
 * `none`; `Field`'s constructors tag everything.
 */
export const paths = (schema: Schema.Top): ReadonlyArray<FieldSensitivity> => {
  const found: Array<FieldSensitivity> = []
  walk(SchemaAST.toType(schema.ast), "", "none", found)
  return found
}

const walk = (ast: SchemaAST.AST, path: string, outer: Sensitivity, found: Array<FieldSensitivity>): void => {
  const own = tagOf(ast)
  const sensitivity = own !== undefined && isAtLeast(own, outer) ? own : outer
  const inner = ast._tag === "Union" ? ast.types.filter((member) => member._tag !== "Null") : [ast]
  const before = found.length
  for (const node of inner) {
    if (node._tag === "Objects") {
      const base = path === "" ? "" : `${path}.`
      const level = node === ast ? sensitivity : highest(sensitivity, tagOf(node))
      for (const property of node.propertySignatures)
        walk(property.type, `${base}${String(property.name)}`, level, found)
      for (const open of node.indexSignatures) walk(open.type, `${base}*`, level, found)
    } else if (node._tag === "Arrays") {
      for (const item of [...node.elements, ...node.rest])
        walk(item, `${path}[]`, highest(sensitivity, tagOf(node)), found)
    }
  }
  if (found.length === before && !inner.some((node) => node._tag === "Objects")) found.push({ path, sensitivity })
}

const tagOf = (ast: SchemaAST.AST): Sensitivity | undefined => {
  const tag = SchemaAST.resolve(ast)?.[annotationKey]
  return levels.find((level) => level === tag)
}

const highest = (a: Sensitivity, b: Sensitivity | undefined): Sensitivity =>
  b !== undefined && isAtLeast(b, a) ? b : a
