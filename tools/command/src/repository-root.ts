import { fileURLToPath } from "node:url";

/** The absolute path of the checkout these tools belong to. */
export const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));
