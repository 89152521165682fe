import { describe, expect, test } from "@jest/globals";
import { joinVerifiers } from "./join-verifiers.js";
import { createKeySet } from "./key-set.js";
import { audience, createTokenIssuer, issuedAtMs } from "./token-issuer.fixture.js";
import { createTokenVerifier } from "./token-verifier.js";

const [ours, theirs] = ["https://ours.example", "https://theirs.example"];
const [ourIssuer, theirIssuer] = [await createTokenIssuer(), await createTokenIssuer()];
const now = () => issuedAtMs;

function start() {
  const own = createTokenVerifier({ issuer: ours, audience, keys: createKeySet({ keys: [ourIssuer.jwk] }), now });
  const foreign = createTokenVerifier({
    issuer: theirs,
    audience,
    keys: createKeySet({ keys: [theirIssuer.jwk] }),
    toCaller: ({ sub }) => ({ subject: `theirs:${sub}`, roles: [], credential: "token" }),
    now,
  });
  return { joined: joinVerifiers([own, foreign]), own, foreign };
}

describe("joinVerifiers", () => {
  test("gives each token to the verifier of its issuer, at once where it is known", async () => {
    const { joined } = start();
    const [ourToken, theirToken] = [await ourIssuer.sign({ iss: ours }), await theirIssuer.sign({ iss: theirs })];
    await expect(joined.verify(ourToken)).resolves.toMatchObject({ subject: "ann", roles: ["reader"] });
    await expect(joined.verify(theirToken)).resolves.toMatchObject({ subject: "theirs:ann", roles: [] });
    expect([joined.verify(ourToken), joined.verify(theirToken)]).toMatchObject([
      { subject: "ann" },
      { subject: "theirs:ann" },
    ]);
  });

  test.each([
    ["is signed by another of the issuers", () => theirIssuer.sign({ iss: ours })],
    ["is of yet another issuer", () => theirIssuer.sign({ iss: "https://other.example" })],
    ["names no issuer", () => theirIssuer.sign({ iss: undefined })],
    ["is none", () => Promise.resolve("a.b.c")],
  ])("refuses a token that %s", async (_case, sign) => {
    await expect(start().joined.verify(await sign())).rejects.toThrow();
  });

  test("forgets the tokens of all", async () => {
    const { joined, own, foreign } = start();
    const [ourToken, theirToken] = [await ourIssuer.sign({ iss: ours }), await theirIssuer.sign({ iss: theirs })];
    await Promise.all([joined.verify(ourToken), joined.verify(theirToken)]);
    joined.forget(({ subject }) => subject === "theirs:ann");
    expect([own.recall(ourToken)?.subject, foreign.recall(theirToken)?.subject]).toEqual(["ann", undefined]);
    joined.clear();
    expect(own.recall(ourToken)).toBeUndefined();
  });

  test("takes one verifier for each issuer", () => {
    const { own } = start();
    expect(() => joinVerifiers([own, own])).toThrow("two verifiers are of the same issuer");
  });
});
