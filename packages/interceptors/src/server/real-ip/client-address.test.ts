import { describe, expect, test } from "@jest/globals";
import { CallValues } from "@rollcall/rpc";
import { clientAddressOf, setClientAddress } from "./client-address.js";

describe("clientAddressOf", () => {
  test.each([
    ["an IPv4 address", "127.0.0.1:40312", "127.0.0.1"],
    ["an IPv6 address", "2001:db8::7:40312", "2001:db8::7"],
    ["an IPv6 address of one link", "fe80::1%eth0:40312", "fe80::1%eth0"],
    ["an IPv4 address that came over an IPv6 socket", "::ffff:10.0.0.1:40312", "10.0.0.1"],
    ["an address without a port", "127.0.0.1", "127.0.0.1"],
    ["a client without an address", "unknown", "unknown"],
    ["a Unix socket that is named", "unix:/run/rollcall.sock", "unix:/run/rollcall.sock"],
  ])("tells %s", (_case, peer, address) => {
    expect(clientAddressOf({ peer, values: new CallValues() })).toBe(address);
  });

  test("prefers what it was told", () => {
    const values = new CallValues();
    setClientAddress({ values }, "192.0.2.1");
    expect(clientAddressOf({ peer: "127.0.0.1:40312", values })).toBe("192.0.2.1");
  });

  test("remembers the address, since a lost connection has none", () => {
    const values = new CallValues();
    clientAddressOf({ peer: "127.0.0.1:40312", values });
    expect(clientAddressOf({ peer: "unknown", values })).toBe("127.0.0.1");
  });
});
