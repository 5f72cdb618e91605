import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"

/** How far the task is. */
export const TaskStatus = ["OPEN", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"] as const
/** How urgent it is. */
export const TaskPriority = ["LOW", "MEDIUM", "HIGH"] as const

/** A task, and what it is about. A due date without a time is midnight UTC of that day. */
export const TaskInfo = Schema.Struct({
  id: Field.text(),
  subject: Field.text("personal"),
  content: Field.text("personal"),
  status: Field.enumeration(TaskStatus),
  priority: Field.enumeration(TaskPriority),
  dueAt: Field.dateTime(),
  completedAt: Field.dateTime(),
  owner: Field.optional(UserReference),
  accountId: Field.text(),
  contactId: Field.text(),
  dealId: Field.text(),
  leadId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind the mapped enums, verbatim. */
export const TaskRawValues = Schema.Struct({ status: Field.text(), priority: Field.text() })

/** `crm_task_info`. */
export const taskInfo = DataType.model({ id: "crm_task_info", title: "Task", schema: TaskInfo })
/** `crm_task_rawValues`. */
export const taskRawValues = DataType.model({
  id: "crm_task_rawValues",
  title: "Raw values",
  schema: TaskRawValues
})

/** `crm_tasks`: what somebody has to do. */
export const CrmTask = DataType.make({
  id: "crm_tasks",
  category: "CRM",
  title: "Tasks",
  models: { info: taskInfo, rawValues: taskRawValues },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ taskId: recordId })
})
