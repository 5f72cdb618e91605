import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"

/**
 * The key under which a field's annotations carry its `Fill`. `Field`'s constructors set it; `codec` reads it.
 */
export const annotationKey = "crochet/canonical"

/**
 * Puts a mapper's value for one field into canonical form. Pure and idempotent; absent comes as `undefined`; what it
 * does not understand it returns untouched, because the schema's check is what reports it.
 */
export type Fill = (value: unknown) => unknown

/**
 * The same codec, several times faster: one pass fills in the defaults of all fields at every depth, in the schema's
 * order, then one compiled check. Without it every field is a transformation of its own.
 *
 * A schema with transformations other than `Field`'s is returned as it is. Where generating code is forbidden (a strict
 * Content-Security-Policy) Effect interprets the check: slower, with the same result.
 */
export const codec = <A, I>(schema: Schema.Codec<A, I>): Schema.Codec<A, I> => {
  const fill = fillOf(schema.ast)
  if (fill === undefined) return schema
  const anything = Schema.make<Schema.Codec<I>>(Schema.Unknown.ast)
  const fast = anything.pipe(
    Schema.decodeTo(Schema.toType(schema), {
      // The check of the type side runs on what this returns, so the claim that it is an A is verified right after.
      decode: SchemaGetter.transform((value: I) => fill(value) as A),
      // Every field's type is contained in its encoded form: nothing is transformed on the way back.
      encode: SchemaGetter.transform((value: A) => value as unknown as I)
    })
  )
  SchemaJITCompiler.enable(fast.ast)
  fills.set(fast, fill)
  return fast
}

const fills = new WeakMap<object, Fill>()

/**
 * A decoder of a codec that `codec` made: fills, asks the compiled guard, and goes through the whole decoder only for
 * what does not fit, to say why. Half the time of the decoder for records that fit, as nearly all do. Throws
 * `SchemaError`.
 */
export const decoder = <A>(schema: Schema.Codec<A, unknown>): ((input: unknown) => A) => {
  const decode = Schema.decodeUnknownSync(schema)
  const fill = fills.get(schema)
  if (fill === undefined) return decode
  const type = Schema.toType(schema)
  SchemaJITCompiler.enable(type.ast)
  const fits = Schema.is(type)
  return (input) => {
    const filled = fill(input)
    return fits(filled) ? filled : decode(input)
  }
}

const same: Fill = (value) => value

/** The canonical form of everything below the node; `undefined` when it cannot be told from `Field`'s annotations. */
const fillOf = (ast: SchemaAST.AST): Fill | undefined => {
  const own = ownFill(ast)
  if (own === undefined && (ast.encoding !== undefined || ast.context?.isOptional === true)) return undefined
  const below = fillBelow(ast, own !== undefined)
  if (own === undefined || below === undefined) return below
  return below === same ? own : (value) => below(own(value))
}

const fillBelow = (ast: SchemaAST.AST, hasOwn: boolean): Fill | undefined => {
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
  let fill: ((given: Given) => unknown) | undefined
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value
    // On first use: most models of a program are never read.
    fill ??= generated(keys, fills) ?? looped(keys, fills)
    return fill(value as Given)
  }
}

/** Declared keys only: what an object inherits is never looked at under these names. */
type Given = { readonly [key: string]: unknown }

const looped =
  (keys: ReadonlyArray<string>, fills: ReadonlyArray<Fill>) =>
  (given: Given): unknown => {
    const filled: Record<string, unknown> = {}
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const result = fills[i]!(given[key])
      // A required field stays absent, so that the check says "missing" rather than "not a string".
      if (result !== undefined) filled[key] = result
    }
    return filled
  }

/**
 * The same as one object literal. V8 keeps what is put together key by key as a hash table from some twenty keys on:
 * the literal is made, checked and printed several times faster. `undefined` where code may not be generated, and for
 * objects with required fields, which a literal cannot leave out.
 */
const generated = (
  keys: ReadonlyArray<string>,
  fills: ReadonlyArray<Fill>
): ((given: Given) => unknown) | undefined => {
  // In a literal, this key would set the prototype.
  if (keys.includes("__proto__") || fills.some((fill) => fill(undefined) === undefined)) return undefined
  const fields = keys.map((key, i) => `${JSON.stringify(key)}: fill${i}(given[${JSON.stringify(key)}])`)
  try {
    // Only names of fields go into the code, which schemas declare, and they as JSON strings.
    // oxlint-disable-next-line no-new-func
    return new Function(...fills.map((_, i) => `fill${i}`), `return (given) => ({ ${fields.join(", ")} })`)(...fills)
  } catch {
    return undefined
  }
}

const ownFill = (ast: SchemaAST.AST): Fill | undefined => {
  const own = Schema.resolveAnnotations(Schema.make(ast))?.[annotationKey]
  return typeof own === "function" ? (value) => own(value) : undefined
}
