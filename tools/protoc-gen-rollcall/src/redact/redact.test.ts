import { describe, expect, test } from "@jest/globals";
import * as keyModule from "../gen/redact/key.redact.js";
import { Key } from "../gen/redact/key.js";
import { Bank, Material, Vault } from "../gen/redact/vault.js";
import * as vaultModule from "../gen/redact/vault.redact.js";
import { VaultServiceDefinition } from "../gen/redact/vault_service.js";
import { vaultServiceRedactions } from "../gen/redact/vault_service.redact.js";

const { redactBank, redactVault } = vaultModule;
const key = Key.fromPartial({ label: "front", teeth: "1357" });
const shownKey = { label: "front", teeth: "[redacted]" };

const full = Vault.fromPartial({
  name: "north",
  code: "1234",
  hint: "birthday",
  pin: 99,
  balance: 7n,
  floor: 3,
  open: true,
  seal: Uint8Array.of(1),
  material: Material.MATERIAL_STEEL,
  openedAt: new Date(0),
  motto: "secret",
  codes: ["1"],
  notes: { a: "b" },
  pages: new Map([[1n, "b"]]),
  spare: key,
  keys: [key, key],
  keysByName: { a: key },
  keysByNumber: new Map([[1n, key]]),
  inner: { name: "inner", code: "5678", spare: key },
});

describe("the generated redaction", () => {
  test("takes out every secret field, whatever its type, and keeps the others", () => {
    expect(redactVault(full)).toEqual({
      ...Vault.fromPartial({ name: "north", code: "[redacted]", hint: "[redacted]" }),
      spare: shownKey,
      keys: [shownKey, shownKey],
      keysByName: { a: shownKey },
      keysByNumber: new Map([[1n, shownKey]]),
      inner: { ...Vault.fromPartial({ name: "inner", code: "[redacted]" }), spare: shownKey },
    });
  });

  test("tells what was not there from what is not shown", () => {
    expect(redactVault(Vault.fromPartial({}))).toEqual(Vault.fromPartial({}));
  });

  test("leaves the message itself as it is", () => {
    const before = structuredClone(full);
    redactVault(full);
    expect(full).toEqual(before);
  });

  test.each([
    ["a text", { $case: "phrase", value: "sesame" }, { $case: "phrase", value: "[redacted]" }],
    ["a number", { $case: "dial", value: 7n }, { $case: "dial", value: 0n }],
    ["a message with a secret inside", { $case: "key", value: key }, { $case: "key", value: shownKey }],
    ["a message", { $case: "master", value: key }, undefined],
    ["what is no secret", { $case: "colour", value: "red" }, { $case: "colour", value: "red" }],
  ] as const)("takes out of a oneof %s", (_case, lock, shown) => {
    expect(redactVault(Vault.fromPartial({ lock })).lock).toEqual(shown);
  });

  test("reaches secrets through messages that have none of their own", () => {
    const bank = Bank.fromPartial({ vault: { code: "1234" } });
    expect(redactBank(bank).vault?.code).toBe("[redacted]");
  });

  test("has a function for each message with a secret inside, and for no other", () => {
    expect([...Object.keys(vaultModule), ...Object.keys(keyModule)]).toEqual([
      "redactBank",
      "redactVault",
      "redactKey",
    ]);
  });

  test("says of every method how to log its messages", () => {
    expect(vaultServiceRedactions).toEqual({
      move: { request: redactVault, response: redactBank },
      cutKeys: { request: keyModule.redactKey, response: keyModule.redactKey },
      findVault: { request: "plain", response: redactVault },
      promote: { request: "plain", response: "plain" },
    });
    expect(Object.keys(vaultServiceRedactions)).toEqual(Object.keys(VaultServiceDefinition.methods));
  });
});
