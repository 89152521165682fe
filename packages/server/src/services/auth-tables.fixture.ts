export { methodPolicies as policies, requestRules, requestSchemas } from "../method-tables.js";
