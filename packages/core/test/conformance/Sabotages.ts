import * as Declaration from "./DeclarationSabotages.ts"
import * as Credential from "./CredentialSabotages.ts"
import * as Reading from "./ReadingSabotages.ts"
import * as Delta from "./DeltaSabotages.ts"
import * as Deletion from "./DeletionSabotages.ts"
import * as Fault from "./FaultSabotages.ts"
import * as Privacy from "./PrivacySabotages.ts"
import type { Sabotage } from "./Sabotage.ts"

/** Every way in which a good connector is broken, each with the check that must see it. */
export const sabotages: ReadonlyArray<Sabotage> = [
  ...Declaration.sabotages,
  ...Credential.sabotages,
  ...Reading.sabotages,
  ...Delta.sabotages,
  ...Deletion.sabotages,
  ...Fault.sabotages,
  ...Privacy.sabotages
]
