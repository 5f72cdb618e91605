/** Rows of our own making in the shapes that the app answers, as recorded in July 2026. */

export const job = {
  id: "5b5ce9",
  title: "Weaver",
  full_title: "Weaver - GB/01",
  shortcode: "AB12CD34EF",
  code: "GB/01",
  state: "published",
  sample: false,
  confidential: false,
  department: "Looms",
  department_hierarchy: [
    { id: "d1", name: "Production" },
    { id: "d2", name: "Looms" }
  ],
  url: "https://acme.workable.com/jobs/1",
  application_url: "https://acme.workable.com/jobs/1/candidates/new",
  shortlink: "https://apply.workable.com/j/AB12CD34EF",
  workplace_type: "hybrid",
  location: { country: "United Kingdom", country_code: "GB", city: "Leeds", telecommuting: false },
  locations: [
    {
      shortcode: "J1",
      country_code: "GB",
      country_name: "United Kingdom",
      state_code: "England",
      subregion: "West Yorkshire",
      zip_code: "LS1",
      city: "Leeds",
      hidden: false
    }
  ],
  salary: { salary_from: 30000, salary_to: "42000.50", salary_currency: "gbp" },
  created_at: "2026-03-25T00:00:00Z",
  updated_at: "2026-07-23T18:58:17Z",
  keywords: null
}

export const candidate = {
  id: "27270275",
  name: "Cleo Carder",
  firstname: "Cleo",
  lastname: "Carder",
  headline: "Weaver",
  account: { subdomain: "acme", name: "Acme" },
  job: { shortcode: "AB12CD34EF", title: "Weaver" },
  stage: "Applied",
  stage_kind: "applied",
  disqualified: false,
  anonymized: false,
  disqualification_reason: null,
  hired_at: null,
  moved_to_offer_at: null,
  sourced: false,
  profile_url: "https://acme.workable.com/backend/jobs/1/candidates/2",
  address: "1 Loom Street, Leeds",
  phone: "+441134960000",
  email: "cleo@candidate.example",
  domain: "indeed.com",
  outlet: null,
  common_source: "indeed.com",
  common_source_category: "Job boards",
  created_at: "2026-04-11T03:36:38Z",
  updated_at: "2026-07-23T18:58:15Z",
  resume_metadata: { filename: "cv.pdf", filetype: "pdf", created_at: "2026-04-11T03:36:38Z" }
}

const { resume_metadata: _, ...repeated } = candidate

export const details = {
  ...repeated,
  withdrew: false,
  disqualified_at: null,
  summary: null,
  education_entries: [
    { degree: "BA", school: "Mill College", field_of_study: null, start_date: "2010-09-01", end_date: null }
  ],
  experience_entries: [
    { title: "Weaver", summary: null, start_date: "2014-01-01", end_date: null, company: "Mill Ltd", current: true }
  ],
  skills: [{ name: "weaving" }],
  answers: [],
  social_profiles: [
    { type: "linkedin", url: "https://linkedin.example/in/cleo" },
    { type: "googleplus", url: "https://plus.example/1" }
  ],
  tags: ["keen"],
  location: { location_str: "Leeds, United Kingdom", country: "United Kingdom", country_code: "GB", city: "Leeds" }
}

export const member = {
  id: "1f1",
  name: "Rita Reed",
  headline: null,
  email: "rita@acme.example",
  role: "admin",
  type: "Member",
  roles: ["ats.admin"],
  active: true
}

export const employee = {
  id: "19ff54",
  firstname: "Dana",
  lastname: "Dyer",
  email: "dana@private.example",
  start_date: "2026-08-20T18:57:36.111Z",
  state: "published",
  employee_number: "5",
  phone: "+441134960001",
  job_title: "Weaver ",
  manager_id: "19ff2f",
  department_id: "92b77",
  legal_entity_id: "s1",
  work_email: "dana@acme.example",
  preferred_name: null,
  status_semantic_type: "status_active",
  birthdate: null
}

/** A comment in a candidate's timeline. */
export const activity = {
  id: "90746975",
  action: "comment",
  stage_name: null,
  action_stage: null,
  target_stage: null,
  created_at: "2026-04-12T03:36:52.560Z",
  updated_at: "2026-04-12T03:36:52.560Z",
  member: { id: "1f1", name: "Rita Reed", type: "Member" },
  body: "Let us schedule a call."
}

/** A single employee's answer: other names than the list's, and groups with a history. */
export const employeeDetails = {
  id: "19ff54",
  firstname: "Dana",
  lastname: "Dyer",
  employee_number: "5",
  status: "status_active",
  country: { display: "United Kingdom", value: "GB" },
  phone_group: [
    { row_id: "3d2", history_of: "3d2", is_primary: false, value: { phone_type: "phone_type_home", phone: "+441" } },
    {
      row_id: "3d1",
      history_of: "3d1",
      is_primary: true,
      value: { phone_type: "phone_type_mobile", phone: "+441134960001" }
    }
  ],
  work_email: "dana@acme.example",
  personal_email: [{ row_id: "3d3", history_of: "3d3", is_primary: true, value: "dana@private.example" }],
  job_title: "Weaver ",
  start_date: "2026-08-20T18:57:36.111Z",
  legal_entity: "s1",
  reports_to: "19ff2f",
  department: "92b77",
  direct_reports: []
}
