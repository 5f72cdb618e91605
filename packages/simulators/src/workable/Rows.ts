import {
  type Account,
  type Candidate,
  type Department,
  hex,
  type Job,
  type Meeting,
  type Member,
  stages,
  type StageSlug,
  stamp,
  type Town
} from "./Account.ts"

/** The account's name and subdomain, which rows repeat. */
export interface Identity {
  readonly subdomain: string
  readonly name: string
}

const stageId = 5_272_269

/** A stage as `/stages` lists it. */
export const stageRow = (slug: StageSlug) => {
  const index = stages.findIndex((stage) => stage.slug === slug)
  const { kind, name } = stages[index]!
  return { id: stageId + index, identifier: hex(stageId + index), slug, name, kind, position: index + 1 }
}

const stageName = (slug: StageSlug) => stageRow(slug).name

const location = (town: Town | null) => ({
  location_str:
    town === null ? null : [town.city, town.region, town.country].filter((part) => part !== null).join(", "),
  country: town?.country ?? null,
  country_code: town?.countryCode ?? null,
  region: town?.region ?? null,
  region_code: town?.regionCode ?? null,
  city: town?.city ?? null,
  zip_code: town?.zip ?? null
})

const hierarchy = (account: Account, id: number | null) => {
  const found: Array<Department> = []
  for (let at = id; at !== null;) {
    const department = account.departments.get(at)
    if (department === undefined) break
    found.unshift(department)
    at = department.parentId
  }
  return found
}

/** A job as `/jobs` lists it. */
export const jobRow = (account: Account, { subdomain }: Identity, job: Job) => {
  const departments = hierarchy(account, job.departmentId)
  return {
    id: hex(job.id),
    title: job.title,
    full_title: job.code === null ? job.title : `${job.title} - ${job.code}`,
    shortcode: job.shortcode,
    code: job.code,
    state: job.state,
    sample: false,
    confidential: job.confidential,
    department: departments.at(-1)?.name ?? null,
    department_hierarchy: departments.map(({ id, name }) => ({ id: hex(id), name })),
    url: `https://${subdomain}.workable.com/jobs/${job.id}`,
    application_url: `https://${subdomain}.workable.com/jobs/${job.id}/candidates/new`,
    shortlink: `https://apply.workable.com/j/${job.shortcode}`,
    workplace_type: job.workplace,
    location: { ...location(job.town), telecommuting: job.workplace === "remote", workplace_type: job.workplace },
    locations: [
      {
        shortcode: `J${job.shortcode.slice(0, 9)}`,
        country_code: job.town.countryCode,
        country_name: job.town.country,
        state_code: job.town.regionCode,
        subregion: job.town.region,
        zip_code: job.town.zip,
        city: job.town.city,
        hidden: false
      }
    ],
    salary:
      job.salary === null
        ? {}
        : { salary_from: job.salary.from, salary_to: job.salary.to, salary_currency: job.salary.currency },
    created_at: stamp(job.createdAt),
    updated_at: stamp(job.updatedAt),
    keywords: null
  }
}

/** A job as `/jobs/{shortcode}` shows it: bare, with texts that the list leaves out. */
export const jobDetails = (account: Account, identity: Identity, job: Job) => ({
  ...jobRow(account, identity, job),
  full_description: `${job.description}<p><strong>Requirements</strong></p><ul><li>Patience</li></ul>`,
  description: job.description,
  requirements: "<ul><li>Patience</li></ul>",
  benefits: "<ul><li>Tea</li></ul>",
  employment_type: job.employmentType,
  industry: "Textiles",
  function: "Production",
  experience: job.experience,
  education: null
})

/** The questions of a job's form. */
export const questionRows = (job: Job) =>
  job.hasQuestions
    ? [
        { body: "How many years have you worked on looms?", type: "numeric", required: true, id: "b99028" },
        {
          body: "Which shift do you prefer?",
          type: "dropdown",
          required: false,
          single_answer: true,
          choices: [
            { body: "Early", id: "60ce7f" },
            { body: "Late", id: "60ce80" }
          ],
          id: "b99029"
        },
        { body: "Tell us about yourself.", type: "free_text", required: false, id: "b9902a" }
      ]
    : []

const categories: { readonly [domain: string]: string } = {
  "indeed.com": "Job boards",
  "monster.com": "Job boards",
  "linkedin.com": "Job boards",
  "workable.com": "Company marketing"
}

/** A candidate as `/candidates` lists it. */
export const candidateRow = (account: Account, identity: Identity, candidate: Candidate) => {
  const job = candidate.job === null ? undefined : account.jobs.get(candidate.job)
  const name = `${candidate.firstname} ${candidate.lastname}`
  const numeric = candidate.id + 600_000_000
  return {
    id: hex(candidate.id),
    name: candidate.anonymized ? "Anonymized" : name,
    firstname: candidate.anonymized ? null : candidate.firstname,
    lastname: candidate.anonymized ? null : candidate.lastname,
    headline: candidate.headline,
    account: { subdomain: identity.subdomain, name: identity.name },
    ...(job === undefined
      ? { talent_pool: { talent_pool_id: 737_404, identifier: "b454e" } }
      : { job: { shortcode: job.shortcode, title: job.title } }),
    stage: stageName(candidate.stage),
    stage_kind: stageRow(candidate.stage).kind,
    disqualified: candidate.disqualified,
    anonymized: candidate.anonymized,
    disqualification_reason: candidate.reason,
    hired_at: candidate.hiredAt === null ? null : stamp(candidate.hiredAt),
    moved_to_offer_at: null,
    sourced: candidate.sourced,
    profile_url: `https://${identity.subdomain}.workable.com/backend/jobs/${job?.id ?? 0}/candidates/${numeric}`,
    address: candidate.address,
    phone: candidate.anonymized ? null : candidate.phone,
    email: candidate.anonymized ? null : candidate.email,
    domain: candidate.domain,
    outlet: null,
    common_source: candidate.domain === "workable.com" ? "Careers page" : (candidate.domain ?? "Unknown"),
    common_source_category: categories[candidate.domain ?? ""] ?? "Other",
    created_at: stamp(candidate.createdAt),
    updated_at: stamp(candidate.updatedAt),
    ...(candidate.resume === null
      ? {}
      : {
          resume_metadata: {
            filename: candidate.resume,
            filetype: "pdf",
            created_at: stamp(candidate.createdAt),
            updated_at: stamp(candidate.createdAt)
          }
        })
  }
}

/** A candidate as `/candidates/{id}` shows it; the address of the CV is signed anew on every call. */
export const candidateDetails = (account: Account, identity: Identity, candidate: Candidate, signature: number) => {
  const { resume_metadata: _, ...row } = candidateRow(account, identity, candidate)
  return {
    ...row,
    image_url: null,
    disqualified_at: candidate.disqualifiedAt === null ? null : new Date(candidate.disqualifiedAt).toISOString(),
    withdrew: candidate.withdrew,
    outbound_mailbox: `${hex(candidate.id)}@outbound.mail.example`,
    uploader_id: null,
    cover_letter: null,
    summary: null,
    education_entries: candidate.education.map(({ degree, from, school, to }, index) => ({
      id: hex(candidate.id + index),
      degree,
      school,
      field_of_study: null,
      start_date: from,
      end_date: to
    })),
    experience_entries: candidate.experience.map(({ company, from, title, to }, index) => ({
      id: hex(candidate.id + index),
      title,
      summary: null,
      start_date: from,
      end_date: to,
      company,
      industry: null,
      current: to === null
    })),
    skills: candidate.skills.map((name) => ({ name })),
    answers: candidate.answers.map(({ answer, question }) => ({
      question: { body: question },
      answer: { body: answer }
    })),
    resume_url:
      candidate.resume === null
        ? null
        : `https://files.workable.example/${candidate.resume}?Expires=${signature}&Signature=sim${signature}`,
    social_profiles: [],
    tags: candidate.tags,
    location: location(candidate.town),
    originating_candidate_id: null
  }
}

/** A member as other rows name one. */
export const memberBrief = (account: Account, id: number) => {
  const member = account.members.get(id)
  return member === undefined ? undefined : { id: hex(id), name: member.name, type: "Member" }
}

/** A member as `/members` lists it. */
export const memberRow = ({ active, email, id, name, role }: Member) => ({
  id: hex(id),
  name,
  headline: null,
  email,
  role,
  type: "Member",
  hris_role: role === "admin" ? "hris_admin" : "hris_employee",
  roles: role === "admin" ? ["ats.admin", "hris.admin", "workable.superadmin"] : ["ats.simple", "hris.employee"],
  active,
  collaboration_rules: [],
  hris_member_scope: null
})

/** A meeting as `/events` lists it. */
export const eventRow = (account: Account, meeting: Meeting) => {
  const candidate = account.candidates.get(meeting.candidateId)
  const job = account.jobs.get(candidate?.job ?? "")
  const name = candidate === undefined ? "somebody" : `${candidate.firstname} ${candidate.lastname}`
  return {
    id: hex(meeting.id),
    title: `${meeting.type === "CallEvent" ? "Call" : "Interview"} with ${name}`,
    description: "",
    type: meeting.type,
    starts_at: new Date(meeting.startsAt).toISOString(),
    ends_at: new Date(meeting.startsAt + 1_800_000).toISOString(),
    cancelled: meeting.cancelled,
    job: job === undefined ? null : { shortcode: job.shortcode, title: job.title },
    members: meeting.memberIds
      .flatMap((id) => memberBrief(account, id) ?? [])
      .map((member) => ({ ...member, status: "accepted" })),
    candidate: candidate === undefined ? null : { id: hex(candidate.id), name }
  }
}
