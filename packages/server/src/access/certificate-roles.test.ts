import { describe, expect, test } from "@jest/globals";
import { parseCertificateRoles, rolesOfCertificate } from "./certificate-roles.js";

describe("parseCertificateRoles", () => {
  test.each<[string, [string, string[]][]]>([
    ["", []],
    [" ; ;", []],
    ["DNS:a.test=reader", [["DNS:a.test", ["reader"]]]],
    [
      "URI:spiffe://example.test/backup=reader, auditor ;DNS:a.test=admin;",
      [
        ["URI:spiffe://example.test/backup", ["reader", "auditor"]],
        ["DNS:a.test", ["admin"]],
      ],
    ],
    ["URI:https://example.test/?a=b=reader", [["URI:https://example.test/?a=b", ["reader"]]]],
    ["email:ann@example.test=reader", [["email:ann@example.test", ["reader"]]]],
    ["IP Address:127.0.0.1=reader", [["IP Address:127.0.0.1", ["reader"]]]],
  ])("reads %j", (text, roles) => {
    expect([...(parseCertificateRoles(text) ?? [])]).toEqual(roles);
  });

  test.each([
    "a.test=reader",
    "DNS:a.test",
    "DNS:=reader",
    "DNS:a.test=",
    "DNS:a.test=reader,",
    "=reader",
    "CN:ann=admin",
    "DNS:a.test=reader;DNS:a.test=admin",
    "reader",
  ])("does not understand %j", (text) => {
    expect(parseCertificateRoles(text)).toBeUndefined();
  });
});

describe("rolesOfCertificate", () => {
  const roles = new Map([
    ["DNS:a.test", ["reader"]],
    ["URI:spiffe://example.test/backup", ["admin"]],
  ]);

  test("goes by the first of the names that may do anything", () => {
    const names = [
      { type: "DNS", value: "other.test" },
      { type: "URI", value: "spiffe://example.test/backup" },
      { type: "DNS", value: "a.test" },
    ];
    expect(rolesOfCertificate(roles, names)).toEqual({ subject: "URI:spiffe://example.test/backup", roles: ["admin"] });
  });

  test.each([
    { type: "URI", value: "a.test" },
    { type: "DNS", value: "a.test=reader" },
    { type: "DNS", value: "sub.a.test" },
    { type: "DNS", value: "a.test, URI:spiffe://example.test/backup" },
    { type: "constructor", value: "" },
  ])("does not know $type:$value", (name) => {
    expect(rolesOfCertificate(roles, [name])).toBeUndefined();
  });

  test("knows nobody without names", () => {
    expect(rolesOfCertificate(roles, [])).toBeUndefined();
  });
});
