import type { Generator } from "./generator.js";
import { generateErrors } from "./errors/generate-errors.js";
import { generatePolicies } from "./policy/generate-policies.js";
import { generateRedaction } from "./redact/generate-redaction.js";
import { generateSchemas } from "./schema/generate-schemas.js";

/** What the plugin writes for each proto, one after the other. */
export const generators: readonly Generator[] = [generateSchemas, generatePolicies, generateErrors, generateRedaction];
