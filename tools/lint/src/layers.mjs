/**
 * Which package may import which, by the tags in the `nx.tags` of each `package.json`. Imports point down:
 * rpc < contracts < testing, interceptors, bridge < client | server < cli, console. Whoever owns a layer owns its tag.
 */

/** @typedef {{ readonly sourceTag: string, readonly onlyDependOnLibsWithTags: string[] }} Constraint */

/** What the sources of each layer may import, besides their own. */
const below = {
  rpc: [],
  contracts: ["rpc"],
  testing: ["rpc", "contracts"],
  interceptors: ["rpc", "contracts"],
  bridge: ["rpc", "contracts"],
  client: ["rpc", "contracts", "interceptors"],
  server: ["rpc", "contracts", "interceptors", "bridge"],
  cli: ["rpc", "contracts", "interceptors", "client"],
  console: ["rpc", "contracts", "interceptors", "client"],
};

/** What each side may import: what is shared runs anywhere, and the client and the server never meet. */
const sides = {
  shared: ["shared"],
  node: ["shared", "node"],
  client: ["shared", "client"],
  server: ["shared", "server"],
};

/**
 * @param {string} prefix
 * @param {Readonly<Record<string, readonly string[]>>} rules
 * @param {readonly string[]} always
 * @returns {Constraint[]}
 */
function constrain(prefix, rules, always) {
  return Object.entries(rules).map(([name, allowed]) => ({
    sourceTag: `${prefix}:${name}`,
    onlyDependOnLibsWithTags: [...new Set([name, ...allowed, ...always])].map((tag) => `${prefix}:${tag}`),
  }));
}

/** Tools build and check the repository, so they may import anything, and nothing imports them. */
const tools = { sourceTag: "layer:tool", onlyDependOnLibsWithTags: ["*"] };

/** What sources may import. */
export const sourceConstraints = [...constrain("layer", below, []), ...constrain("side", sides, []), tools];

/** What tests may import: the testing kit as well, from the layers above the contract. */
export const testConstraints = [
  ...constrain("layer", { ...below, contracts: ["rpc", "testing"] }, ["testing"]),
  ...constrain("side", sides, ["node"]),
  tools,
];
