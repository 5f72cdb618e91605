import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import { absentToNotSpecified, absentToNull, fillBelow, ownFill, same } from "./CanonicalFill.ts"
import * as OpenMap from "./OpenMap.ts"
import * as Stamp from "./Stamp.ts"

/**
 * The canonical form of a value, or `undefined` for one that the schema may refuse: it is for the schema's decoder to
 * judge then. A reader never accepts what the schema refuses.
 */
export type Reader = (value: unknown) => unknown

/**
 * A reader of a schema that `fillOf` knows, as generated code: one look at every field, which fills and checks it, and
 * one object literal. V8 keeps what is put together key by key as a hash table from some twenty keys on; literals are
 * made and printed several times faster. `undefined` where code may not be generated.
 */
export const readerOf = (ast: SchemaAST.AST): Reader | undefined => {
  const program: Program = { constants: [], functions: [], variables: 0 }
  const body = emit(program, ast, "x")
  if (body === undefined) return undefined
  const constants = program.constants.map((_, i) => `c${i}`)
  try {
    // Only names and values that schemas declare go into the code, and they as JSON strings.
    // oxlint-disable-next-line no-new-func
    return new Function(...constants, `${program.functions.join("\n")}\nreturn (x) => { ${body} return x }`)(
      ...program.constants
    )
  } catch {
    return undefined
  }
}

interface Program {
  /** What the code refers to as `c0`, `c1`, …. */
  readonly constants: Array<unknown>
  /** One for each object of the schema. */
  readonly functions: Array<string>
  variables: number
}

const constant = (program: Program, value: unknown): string => `c${program.constants.push(value) - 1}`
const variable = (program: Program): string => `x${program.variables++}`

/** Statements that put the variable into canonical form, or return from their function. */
const emit = (program: Program, ast: SchemaAST.AST, x: string): string | undefined => {
  const below = emitBelow(program, ast, x)
  return below === undefined ? undefined : `${emitOwn(program, ast, x)} ${below}`
}

const emitOwn = (program: Program, ast: SchemaAST.AST, x: string): string => {
  const own = ownFill(ast)
  if (own === undefined) return ""
  if (own === absentToNull) return `if (${x} === undefined) ${x} = null;`
  if (own === absentToNotSpecified) return `if (${x} === undefined || ${x} === null) ${x} = "NOT_SPECIFIED";`
  return `${x} = ${constant(program, own)}(${x});`
}

const emitBelow = (program: Program, ast: SchemaAST.AST, x: string): string | undefined => {
  if (ast._tag === "String" && ast.checks?.length === 1 && ast.checks[0] === Stamp.check) {
    return `if (!${constant(program, Stamp.is)}(${x})) return;`
  }
  if (ast._tag === "Number" && ast.checks?.length === 1 && isFiniteCheck(ast.checks[0])) {
    return `if (typeof ${x} !== "number" || ${x} - ${x} !== 0) return;`
  }
  if (ast.checks !== undefined) return emitGuard(program, ast, x)
  switch (ast._tag) {
    case "String":
      return `if (typeof ${x} !== "string") return;`
    case "Boolean":
      return `if (typeof ${x} !== "boolean") return;`
    case "Union":
      return emitUnion(program, ast, x)
    case "Arrays":
      return emitArray(program, ast, x)
    case "Objects":
      return ast.indexSignatures.length > 0 ? emitGuard(program, ast, x) : emitObject(program, ast, x)
    default:
      return emitGuard(program, ast, x)
  }
}

const isFiniteCheck = (check: SchemaAST.Check<never> | undefined): boolean =>
  check?._tag === "Filter" && check.annotations?.representation?.id === "effect/schema/isFinite"

const emitUnion = (program: Program, ast: SchemaAST.Union, x: string): string | undefined => {
  const [only, ...more] = ast.types.filter(({ _tag }) => _tag !== "Null")
  if (only !== undefined && more.length === 0 && ast.types.length === 2) {
    const given = emit(program, only, x)
    return given === undefined ? undefined : `if (${x} !== null) { ${given} }`
  }
  const members = ast.types.map((type) =>
    type._tag === "Literal" && type.checks === undefined && typeof type.literal === "string" ? type.literal : undefined
  )
  if (members.includes(undefined)) return emitGuard(program, ast, x)
  // Mappers answer with literals of their own, which are compared by address; beyond some of them a hash is faster.
  return members.length > 16
    ? `if (!${constant(program, new Set(members))}.has(${x})) return;`
    : `if (${members.map((member) => `${x} !== ${JSON.stringify(member)}`).join(" && ")}) return;`
}

const emitArray = (program: Program, ast: SchemaAST.Arrays, x: string): string | undefined => {
  const [item] = ast.rest
  if (item === undefined || ast.rest.length > 1 || ast.elements.length > 0) return undefined
  const [at, one, list] = [variable(program), variable(program), variable(program)]
  const each = emit(program, item, one)
  if (each === undefined) return undefined
  return `if (!Array.isArray(${x})) return;
    const ${list} = new Array(${x}.length);
    for (let ${at} = 0; ${at} < ${list}.length; ${at}++) {
      let ${one} = ${x}[${at}]; if (${one} === undefined) return; ${each} ${list}[${at}] = ${one};
    }
    ${x} = ${list};`
}

const emitObject = (program: Program, ast: SchemaAST.Objects, x: string): string | undefined => {
  const statements: Array<string> = []
  const fields: Array<string> = []
  for (const { name, type } of ast.propertySignatures) {
    // In a literal, this key would set the prototype.
    if (typeof name !== "string" || name === "__proto__") return undefined
    const value = variable(program)
    const statement = emit(program, type, value)
    if (statement === undefined) return undefined
    statements.push(`let ${value} = given[${JSON.stringify(name)}]; ${statement}`)
    fields.push(`${JSON.stringify(name)}: ${value}`)
  }
  const index = program.functions.push("") - 1
  program.functions[index] = `const f${index} = (given) => {
    if (typeof given !== "object" || given === null || Array.isArray(given)) return;
    ${statements.join("\n")}
    return { ${fields.join(", ")} }
  }`
  return `${x} = f${index}(${x}); if (${x} === undefined) return;`
}

/** For all other nodes: what they fill below themselves, and their own compiled check. */
const emitGuard = (program: Program, ast: SchemaAST.AST, x: string): string | undefined => {
  const fill = fillBelow(ast, ownFill(ast) !== undefined)
  if (fill === undefined) return undefined
  const type = Schema.toType(Schema.make(ast))
  SchemaJITCompiler.enable(type.ast)
  const is = Schema.is(type)
  const fits = isOpenMap(ast) ? (value: unknown) => OpenMap.isFlat(value) || is(value) : is
  const filled = fill === same ? "" : `${x} = ${constant(program, fill)}(${x});`
  // A field that is absent although its type has no word for it: whether it may be is for the decoder to say.
  return `${filled} if (${x} === undefined || !${constant(program, fits)}(${x})) return;`
}

const isOpenMap = (ast: SchemaAST.AST): boolean => {
  if (ast._tag !== "Objects" || ast.checks !== undefined || ast.propertySignatures.length > 0) return false
  const [open, ...more] = ast.indexSignatures
  return (
    more.length === 0 &&
    open?.parameter._tag === "String" &&
    open.parameter.checks === undefined &&
    open.type === Schema.Json.ast
  )
}
