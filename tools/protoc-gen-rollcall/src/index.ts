export { errorOption, readError, readErrorDomain } from "./errors/declared-errors.js";
export type { DeclaredError } from "./errors/declared-errors.js";
export { policyOption, readPolicy } from "./policy/declared-policy.js";
export type { DeclaredPolicy, DeclaredRateLimit } from "./policy/declared-policy.js";
export { readRules } from "./reference/declared-rules.js";
export type { DeclaredRule, RuleValue } from "./reference/declared-rules.js";
