import type { Resource } from "@crochet/core"
import { Crm, CrmEngagement, CrmNote, CrmTask, Enums } from "@crochet/models"
import { resource } from "./SalesforceObject.ts"
import * as R from "./SalesforceRow.ts"
import { all, related } from "./SalesforceShared.ts"

const stamps = ["CreatedDate", "LastModifiedDate", "OwnerId", "Owner.Name", "Owner.Email"]

const taskStatusOf = Enums.mapping(Crm.TaskStatus, {
  "Not Started": "OPEN",
  "Waiting on someone else": "WAITING"
})
const taskPriorityOf = Enums.mapping(Crm.TaskPriority, { Normal: "MEDIUM" })

/** Tasks. What Salesforce has archived (after a year) is in no ordinary query and stays out. */
export const tasks: Resource.AnyResource = resource({
  dataType: CrmTask,
  object: "Task",
  fields: {
    crm_task_info: [
      "Subject",
      "Description",
      "Status",
      "Priority",
      "ActivityDate",
      "CompletedDateTime",
      "WhoId",
      "WhatId",
      "AccountId",
      ...stamps
    ],
    crm_task_rawValues: ["Status", "Priority"]
  },
  optional: ["CompletedDateTime"],
  toRecord: (row) => ({
    info: {
      id: R.text(row, "Id"),
      subject: R.text(row, "Subject"),
      content: R.text(row, "Description"),
      status: taskStatusOf(R.text(row, "Status")),
      priority: taskPriorityOf(R.text(row, "Priority")),
      dueAt: R.date(row, "ActivityDate"),
      completedAt: R.instant(row, "CompletedDateTime"),
      owner: R.user(row, "Owner"),
      ...related(row, "WhoId", "WhatId", "AccountId"),
      createdAt: R.instant(row, "CreatedDate"),
      updatedAt: R.instant(row, "LastModifiedDate")
    },
    rawValues: { status: R.text(row, "Status"), priority: R.text(row, "Priority") }
  }),
  support: { info: { support: "SUPPORTED" }, rawValues: { support: "SUPPORTED" } }
})

/** Classic notes; their text is plain. Enhanced notes are files, which are not read. */
export const notes: Resource.AnyResource = resource({
  dataType: CrmNote,
  object: "Note",
  fields: { crm_note_info: ["Title", "Body", "ParentId", ...stamps] },
  toRecord: (row) => {
    const { contactId, ...of } = related(row, "ParentId")
    return {
      info: {
        id: R.text(row, "Id"),
        title: R.text(row, "Title"),
        content: R.text(row, "Body"),
        contentType: "TEXT" as const,
        owner: R.user(row, "Owner"),
        createdAt: R.instant(row, "CreatedDate"),
        updatedAt: R.instant(row, "LastModifiedDate"),
        ...of,
        contactIds: contactId === undefined ? undefined : [contactId]
      }
    }
  },
  support: { info: { support: "SUPPORTED" } }
})

const engagementTypeOf = Enums.mapping(Crm.EngagementType)

/** Events of the calendar. Calls and e-mails that were logged are tasks in Salesforce, and in `crm_tasks`. */
export const engagements: Resource.AnyResource = resource({
  dataType: CrmEngagement,
  object: "Event",
  fields: {
    crm_engagement_info: [
      "Subject",
      "Description",
      "Type",
      "StartDateTime",
      "EndDateTime",
      "Location",
      "WhoId",
      "WhatId",
      "AccountId",
      ...stamps
    ],
    crm_engagement_rawValues: ["Type"]
  },
  optional: ["Type"],
  toRecord: (row) => {
    const { contactId, ...of } = related(row, "WhoId", "WhatId", "AccountId")
    return {
      info: {
        id: R.text(row, "Id"),
        type: engagementTypeOf(R.text(row, "Type")),
        subject: R.text(row, "Subject"),
        content: R.text(row, "Description"),
        startAt: R.instant(row, "StartDateTime"),
        endAt: R.instant(row, "EndDateTime"),
        location: R.text(row, "Location"),
        owner: R.user(row, "Owner"),
        ...of,
        contactIds: contactId === undefined ? undefined : [contactId],
        createdAt: R.instant(row, "CreatedDate"),
        updatedAt: R.instant(row, "LastModifiedDate")
      },
      rawValues: { type: R.text(row, "Type") }
    }
  },
  support: {
    info: {
      support: "SUPPORTED",
      fields: { ...all("UNSUPPORTED", "direction", "outcome"), ...all("NOT_IMPLEMENTED", "attendees") }
    },
    rawValues: { support: "SUPPORTED", fields: all("UNSUPPORTED", "direction") }
  }
})
