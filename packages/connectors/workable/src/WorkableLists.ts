import { Paginator, Resource } from "@crochet/core"
import { AtsDepartments, AtsRejectReasons, AtsUsers, Enums } from "@crochet/models"
import type { DataType } from "@crochet/core"
import { linked } from "./WorkableListing.ts"
import { departmentSupport, reasonSupport, userSupport } from "./WorkableSupport.ts"
import type { WireRow } from "./WorkableWire.ts"
import { BareRows, Members, text } from "./WorkableWire.ts"
import * as Words from "./WorkableWords.ts"

const recordId = (row: WireRow): string => text(row.id) ?? ""

/** A list without pages: a bare array. */
const bare = (operation: string, path: string) =>
  Paginator.whole({
    request: () => ({ operation, path }),
    answer: BareRows,
    items: (rows) => rows
  })

/** A member as a user. */
export const toUser = (row: WireRow): DataType.Input<typeof AtsUsers> => ({
  info: {
    id: text(row.id),
    name: text(row.name),
    email: text(row.email),
    role: Words.userRole(row),
    isActive: typeof row.active === "boolean" ? Enums.flag(row.active) : "NOT_SPECIFIED",
    title: text(row.headline),
    roleRaw: text(row.role)
  }
})

/** Members of the account, also those who left. */
export const users: Resource.AnyResource = Resource.make<typeof AtsUsers, WireRow>({
  dataType: AtsUsers,
  mapperVersion: 1,
  list: linked({
    operation: "user.list",
    path: "/members",
    answer: Members,
    items: ({ members }) => members,
    query: () => ({ status: "all" })
  }),
  recordId,
  toRecord: toUser,
  support: userSupport
})

/** Departments of the account. */
export const departments: Resource.AnyResource = Resource.make<typeof AtsDepartments, WireRow>({
  dataType: AtsDepartments,
  mapperVersion: 1,
  list: bare("department.list", "/departments"),
  recordId,
  toRecord: (row) => ({ info: { id: text(row.id), name: text(row.name), parentId: text(row.parent_id) } }),
  support: departmentSupport
})

/** Reasons to disqualify, as the account has them. */
export const rejectReasons: Resource.AnyResource = Resource.make<typeof AtsRejectReasons, WireRow>({
  dataType: AtsRejectReasons,
  mapperVersion: 1,
  list: bare("rejectReason.list", "/disqualification_reasons"),
  recordId,
  toRecord: (row) => ({
    info: { id: text(row.id), name: text(row.description), category: Words.endedBy(row.candidate_withdrew) }
  }),
  support: reasonSupport
})
