import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"

/**
 * The key under which a field's annotations carry its `Fill`. `Field`'s constructors set it; `Canonical` reads it.
 */
export const annotationKey = "crochet/canonical"

/**
 * Puts a mapper's value for one field into canonical form. Pure and idempotent; absent comes as `undefined`; what it
 * does not understand it returns untouched, because the schema's check is what reports it.
 */
export type Fill = (value: unknown) => unknown

/** The fill of fields that may be absent. */
export const absentToNull: Fill = (value) => (value === undefined ? null : value)

/** The fill of enums. */
export const absentToNotSpecified: Fill = (value) => value ?? "NOT_SPECIFIED"

/** The fill of nodes that are as they are. */
export const same: Fill = (value) => value

/** The canonical form of everything below the node; `undefined` when it cannot be told from `Field`'s annotations. */
export const fillOf = (ast: SchemaAST.AST): Fill | undefined => {
  const own = ownFill(ast)
  if (own === undefined && (ast.encoding !== undefined || ast.context?.isOptional === true)) return undefined
  const below = fillBelow(ast, own !== undefined)
  if (own === undefined || below === undefined) return below
  return below === same ? own : (value) => below(own(value))
}

/** The fill of what is below the node, without its own. */
export const fillBelow = (ast: SchemaAST.AST, hasOwn: boolean): Fill | undefined => {
  switch (ast._tag) {
    case "Objects":
      if (ast.indexSignatures.length > 0) return hasOwn && ast.propertySignatures.length === 0 ? same : undefined
      return fillObject(ast)
    case "Arrays": {
      const [item] = ast.rest
      if (item === undefined || ast.rest.length > 1 || ast.elements.length > 0) return undefined
      const fill = fillOf(item)
      if (fill === undefined || fill === same) return fill
      return (value) => (Array.isArray(value) ? value.map(fill) : value)
    }
    case "Union": {
      const fills = ast.types.map((member) => fillOf(member))
      if (fills.includes(undefined)) return undefined
      const [fill, ...more] = fills.filter((fill) => fill !== same)
      if (more.length > 0) return undefined
      return fill ?? same
    }
    case "Suspend":
      return undefined
    default:
      return same
  }
}

const fillObject = (ast: SchemaAST.Objects): Fill | undefined => {
  const keys: Array<string> = []
  const fills: Array<Fill> = []
  for (const property of ast.propertySignatures) {
    const fill = fillOf(property.type)
    if (fill === undefined || typeof property.name !== "string") return undefined
    keys.push(property.name)
    fills.push(fill)
  }
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value
    const given = value as { readonly [key: string]: unknown }
    const filled: Record<string, unknown> = {}
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const result = fills[i]!(given[key])
      // A required field stays absent, so that the check says "missing" rather than "not a string".
      if (result !== undefined) filled[key] = result
    }
    return filled
  }
}

/** The fill that `Field` has put on the node. */
export const ownFill = (ast: SchemaAST.AST): Fill | undefined => {
  const own = Schema.resolveAnnotations(Schema.make(ast))?.[annotationKey]
  return typeof own === "function" ? (own as Fill) : undefined
}
