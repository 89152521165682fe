import { describe, expect, test } from "@jest/globals";
import { CallValues } from "@rollcall/rpc";
import { type Caller, setCaller } from "../caller.js";
import { callerKeys } from "./caller-key.js";

const callFrom = (peer: string, caller?: Caller) => {
  const call = { values: new CallValues(), peer };
  if (caller !== undefined) {
    setCaller(call, caller);
  }
  return call;
};

const ada: Caller = { subject: "ada", roles: [], credential: "token", credentialId: "session-1" };

describe("callerKeys", () => {
  test.each<[string, Caller | undefined, string]>([
    ["a user", ada, "subject:ada"],
    ["a service with a certificate", { ...ada, subject: "billing", credential: "certificate" }, "subject:billing"],
    ["an API key", { ...ada, credential: "apiKey", credentialId: "key-1" }, "apikey:key-1"],
    ["an API key without an id", { ...ada, credential: "apiKey", credentialId: undefined }, "subject:ada"],
    ["somebody whom nobody asked", { ...ada, credential: "none" }, "clientip:127.0.0.1"],
    ["somebody who did not sign in", undefined, "clientip:127.0.0.1"],
  ])("know %s by the subject", (_case, caller, key) => {
    expect(callerKeys.subject(callFrom("127.0.0.1:40312", caller))).toBe(key);
  });

  test("know everybody by the address where the policy asks for it", () => {
    expect(callerKeys.peer(callFrom("127.0.0.1:40312", ada))).toBe("clientip:127.0.0.1");
  });

  test("do not take a user for an address", () => {
    const user = callFrom("127.0.0.1:1", { ...ada, subject: "127.0.0.1" });
    expect(callerKeys.subject(user)).not.toBe(callerKeys.subject(callFrom("127.0.0.1:1")));
  });

  test.each([
    ["::1:40312", "clientip:0:0:0:0::/64"],
    ["fd00:1:2:3:4:5:6:7:40312", "clientip:fd00:1:2:3::/64"],
    ["fd00:1:2:3:ffff:5:6:8:40312", "clientip:fd00:1:2:3::/64"],
    ["::ffff:7f00:1:40312", "clientip:127.0.0.1"],
    ["::ffff:127.0.0.1:40312", "clientip:127.0.0.1"],
    ["unknown", "clientip:unknown"],
    ["unix:", "clientip:unix:"],
  ])("know the client at %s by its network", (peer, key) => {
    expect(callerKeys.peer(callFrom(peer))).toBe(key);
  });
});
