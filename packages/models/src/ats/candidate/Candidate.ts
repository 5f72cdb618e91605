import { DataType } from "@crochet/core"
import { customFields } from "../CustomFields.ts"
import { candidateAttachments } from "./CandidateAttachments.ts"
import { candidateEducation } from "./CandidateEducation.ts"
import { candidateEeoc } from "./CandidateEeoc.ts"
import { candidateExperiences } from "./CandidateExperiences.ts"
import { candidateInfo } from "./CandidateInfo.ts"
import { candidateLocations } from "./CandidateLocations.ts"
import { candidateSkills } from "./CandidateSkills.ts"

/** `ats_candidates`: a person who applies or might. */
export const AtsCandidates = DataType.make({
  id: "ats_candidates",
  category: "ATS",
  title: "Candidates",
  models: {
    info: candidateInfo,
    education: candidateEducation,
    locations: candidateLocations,
    skills: candidateSkills,
    experiences: candidateExperiences,
    attachments: candidateAttachments,
    customFields,
    eeoc: candidateEeoc
  },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ candidateId: recordId })
})
