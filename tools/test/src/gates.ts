import type { Gate } from "./gate.js";

/** All that is checked besides the tests. The slow ones come first, so that the quick ones fill the gaps. */
export const gates: readonly Gate[] = [
  {
    name: "lint",
    command: ["npm", "run", "--silent", "lint"],
    fix: "run: npm run lint -- --fix, and mend what remains",
  },
  {
    name: "types",
    command: ["npm", "run", "--silent", "typecheck"],
    fix: "mend the types, then run: npm run typecheck",
  },
  { name: "format", command: ["prettier", "--check", "."], fix: "run: npm run format" },
  {
    name: "generated code",
    command: ["npm", "run", "--silent", "generate", "--", "--check"],
    fix: "run: npm run generate",
  },
  {
    name: "unused code",
    command: ["npm", "run", "--silent", "unused"],
    fix: "delete what is named, or use it, then run: npm run unused",
  },
  { name: "proto format", command: ["buf", "format", "--diff", "--exit-code"], fix: "run: npm run format" },
  { name: "proto lint", command: ["buf", "lint"], fix: "mend the protos, then run: npx buf lint" },
  {
    name: "breaking changes",
    command: ["npm", "run", "--silent", "breaking"],
    fix: "keep the contract compatible, as the lines above say, then run: npm run breaking",
  },
];
