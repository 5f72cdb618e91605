import type { DataType } from "@crochet/core"
import type {
  AtsActivities,
  AtsApplications,
  AtsCandidates,
  AtsDepartments,
  AtsJobs,
  AtsOffices,
  AtsRejectReasons,
  AtsTags,
  AtsUsers
} from "@crochet/models"

const date = "2026-05-01T00:00:00.000Z"
const stamp = "2026-05-01T07:25:37.000Z"
const user = { id: "u1", email: "rita@example.com", employeeId: "e1", name: "Rita Reed" } as const
const place = {
  addressLine1: "1 Loom Street",
  addressLine2: "Floor 2",
  city: "Leeds",
  state: "West Yorkshire",
  country: "GB",
  zipCode: "LS1 4AP",
  addressType: "WORK",
  id: "a1",
  name: "Head office",
  raw: "1 Loom Street, Leeds",
  subdivisionCode: "GB-LDS"
} as const
const phones = [{ type: "PERSONAL", phoneNumber: "+441134960000", extension: "12", isPrimary: "TRUE" }] as const
const emails = [{ type: "PERSONAL", email: "cleo@example.com", isPrimary: "TRUE" }] as const
const links = [{ type: "LINKEDIN", url: "https://example.com/in/cleo" }] as const
const attachments = [
  { type: "RESUME", name: "cv.pdf", link: "https://example.com/cv.pdf", id: "f1", createdAt: stamp }
] as const
const customFields = { level: "7", remote: true } as const

const jobs = {
  info: {
    id: "j1",
    title: "Weaver",
    description: "<p>Weave.</p>",
    createdAt: stamp,
    updatedAt: stamp,
    closedAt: stamp,
    status: "OPEN",
    confidential: "FALSE",
    infoUrl: "https://example.com/j1",
    applyUrl: "https://example.com/j1/apply",
    code: "GB/1",
    requisitionId: "r1",
    openings: 2,
    openedAt: stamp,
    publishedAt: stamp,
    employmentType: "FULL_TIME",
    workplaceType: "HYBRID",
    visibility: "PUBLIC",
    experienceLevel: "Senior",
    category: "Production",
    weeklyHours: 37.5
  },
  departments: [{ id: "d1", name: "Looms", parentId: "d0" }],
  offices: [{ id: "o1", name: "Leeds", location: "Leeds, UK", address: place }],
  hiringManagers: [user],
  recruiters: [user],
  stages: [{ id: "s1", text: "Applied", index: 0, isActive: "TRUE", category: "APPLIED", categoryRaw: "applied" }],
  rawValues: { status: "published", employmentType: "Full-time", workplaceType: "hybrid", visibility: "public" },
  jobPosts: [
    {
      id: "p1",
      title: "Weaver (m/f/x)",
      descriptionHtml: "<p>Weave.</p>",
      url: "https://example.com/p1",
      location: "Leeds",
      status: "PUBLISHED",
      isInternal: "FALSE",
      publishedAt: stamp
    }
  ],
  jobCompensation: { min: 30000, max: 42000.5, currency: "GBP", period: "YEAR", note: "plus bonus" },
  jobQuestions: [
    {
      id: "q1",
      title: "Which looms?",
      description: "All that you know.",
      type: "MULTI_SELECT",
      required: "TRUE",
      options: [{ id: "c1", text: "Jacquard" }],
      min: 1,
      max: 3,
      maxLength: 200,
      acceptedTypes: ["pdf"],
      category: "GENERAL",
      index: 0,
      dependsOn: { questionId: "q0", answers: ["yes"] },
      typeRaw: "multiple_choice"
    }
  ],
  jobRequirements: {
    text: "Patience",
    html: "<p>Patience</p>",
    education: "none",
    experience: "5 years",
    skills: ["a"]
  },
  jobInfoEnhanced: {
    fullDescriptionHtml: "<p>All</p>",
    benefitsHtml: "<p>Tea</p>",
    industry: "Textiles",
    function: "Production",
    keywords: ["loom"]
  },
  hiringTeam: [{ user, role: "HIRING_MANAGER", roleRaw: "hiring manager" }],
  customFields
} satisfies DataType.Input<typeof AtsJobs>

const candidates = {
  info: {
    id: "c1",
    firstName: "Cleo",
    lastName: "Carder",
    phones,
    emails,
    links,
    tags: ["keen"],
    title: "Weaver",
    company: "Mill Ltd",
    createdAt: stamp,
    updatedAt: stamp,
    applications: ["ap1"],
    source: "LinkedIn",
    sourceDetail: "linkedin.com",
    owner: user,
    isConfidential: "FALSE",
    canEmail: "TRUE",
    lastInteractionAt: stamp,
    profileUrl: "https://example.com/c1",
    photoUrl: "https://example.com/c1.png",
    summary: "Weaves."
  },
  education: [
    { school: "Leeds", degree: "BA", fieldOfStudy: "Textiles", startDate: date, endDate: date, grade: "2:1" }
  ],
  locations: [place],
  skills: [{ name: "Weaving", level: "expert" }],
  experiences: [
    {
      company: "Mill Ltd",
      title: "Weaver",
      startDate: date,
      endDate: date,
      isCurrent: "FALSE",
      location: "Leeds",
      description: "Wove."
    }
  ],
  attachments,
  customFields,
  eeoc: {
    gender: "FEMALE",
    race: "WHITE",
    veteranStatus: "NOT_VETERAN",
    disabilityStatus: "DECLINED",
    submittedAt: stamp,
    genderRaw: "Female",
    raceRaw: "White",
    veteranStatusRaw: "no",
    disabilityStatusRaw: "rather not say"
  }
} satisfies DataType.Input<typeof AtsCandidates>

const applications = {
  info: {
    id: "ap1",
    status: "ACTIVE",
    candidate: { id: "c1", firstName: "Cleo", lastName: "Carder", phones, emails, links, location: "Leeds, UK" },
    origin: "EXTERNAL",
    appliedAt: stamp,
    updatedAt: stamp,
    jobId: "j1",
    owner: user,
    creditedTo: user,
    originDetail: "JOB_BOARD",
    sourceName: "indeed.com",
    applicationUrl: "https://example.com/ap1",
    isConverted: "FALSE",
    hiredAt: stamp,
    withdrawnAt: stamp
  },
  currentStage: { id: "s1", text: "Applied", index: 1, enteredAt: stamp },
  interviews: [
    {
      id: "i1",
      subject: "Call",
      scheduledStart: stamp,
      scheduledEnd: stamp,
      status: "SCHEDULED",
      interviewers: [user],
      stageId: "s1",
      organizer: user,
      location: "Room 1",
      videoUrl: "https://example.com/v",
      type: "call"
    }
  ],
  rejection: { id: "x1", text: "Too far away", rejectedAt: stamp, rejectedBy: user, category: "BY_COMPANY" },
  offers: [
    {
      id: "of1",
      status: "SENT",
      createdAt: stamp,
      sentAt: stamp,
      respondedAt: stamp,
      startDate: date,
      salary: { amount: 40000, currency: "GBP", period: "YEAR" },
      documentUrl: "https://example.com/of1.pdf",
      statusRaw: "sent"
    }
  ],
  attachments,
  questionResponses: [
    {
      questionId: "q1",
      title: "Which looms?",
      type: "MULTI_SELECT",
      answer: {
        text: "both",
        choices: ["Jacquard"],
        number: 2,
        boolean: true,
        date,
        files: [{ name: "a.pdf", url: "https://example.com/a.pdf" }]
      },
      typeRaw: "multiple_choice"
    }
  ],
  scorecards: [
    {
      id: "sc1",
      interviewId: "i1",
      interviewer: user,
      submittedAt: stamp,
      overall: "YES",
      attributes: [{ name: "Patience", rating: "4", note: "calm" }],
      overallRaw: "yes",
      comment: "A calm weaver."
    }
  ],
  rawValues: { status: "active", origin: "Job boards", originDetail: "indeed.com", stageCategory: "applied" },
  customFields
} satisfies DataType.Input<typeof AtsApplications>

/** A record of each recruiting data type with a value in every field of every model. */
export const fullRecords = {
  ats_jobs: jobs,
  ats_candidates: candidates,
  ats_applications: applications,
  ats_activities: {
    info: {
      id: "ac1",
      candidateId: "c1",
      applicationId: "ap1",
      type: "NOTE",
      subject: "Call",
      body: "Went well",
      visibility: "PUBLIC",
      author: user,
      createdAt: stamp,
      typeRaw: "comment"
    }
  } satisfies DataType.Input<typeof AtsActivities>,
  ats_users: {
    info: {
      id: "u1",
      name: "Rita Reed",
      email: "rita@example.com",
      role: "ADMIN",
      isActive: "TRUE",
      employeeId: "e1",
      title: "Recruiter",
      roleRaw: "admin"
    }
  } satisfies DataType.Input<typeof AtsUsers>,
  ats_departments: {
    info: { id: "d1", name: "Looms", parentId: "d0", isActive: "TRUE" }
  } satisfies DataType.Input<typeof AtsDepartments>,
  ats_offices: {
    info: { id: "o1", name: "Leeds", location: "Leeds, UK", address: place, parentId: "o0", isActive: "TRUE" }
  } satisfies DataType.Input<typeof AtsOffices>,
  ats_rejectReasons: {
    info: { id: "x1", name: "Too far away", category: "BY_COMPANY", isActive: "TRUE" }
  } satisfies DataType.Input<typeof AtsRejectReasons>,
  ats_tags: { info: { id: "t1", name: "keen", isActive: "TRUE" } } satisfies DataType.Input<typeof AtsTags>
} as const
