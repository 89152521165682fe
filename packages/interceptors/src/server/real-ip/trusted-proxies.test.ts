import { describe, expect, test } from "@jest/globals";
import { createHopOf } from "./trusted-proxies.js";

describe("createHopOf", () => {
  const hopOf = createHopOf(["10.0.0.0/8", "192.0.2.7", "fd00::/8", "2001:db8::5", "::ffff:198.51.100.0/120"]);

  test.each([
    ["10.255.0.1", true],
    ["11.0.0.1", false],
    ["192.0.2.7", true],
    ["192.0.2.8", false],
    ["198.51.100.200", true],
    ["198.51.101.1", false],
    ["fd12::1", true],
    ["fe80::1", false],
    ["2001:db8::5", true],
    ["2001:db8::6", false],
    ["unknown", false],
  ])("knows whether %s is trusted", (address, trusted) => {
    expect(hopOf(address)).toEqual({ address, trusted });
    expect(hopOf(address)).toEqual({ address, trusted }); // as it remembers it
  });

  test.each([
    ["an IPv4 address in an IPv6 one", "::ffff:10.0.0.1", { address: "10.0.0.1", trusted: true }],
    ["an IPv6 address in any other spelling", "2001:DB8:0::0005", { address: "2001:db8::5", trusted: true }],
  ])("tells %s in its shortest form", (_case, text, hop) => {
    expect(hopOf(text)).toEqual(hop);
  });

  test.each([
    "",
    "10.1",
    "010.0.0.1",
    "0x0a000001",
    "10.0.0.256",
    "10.0.0.1:80",
    "::g",
    "proxy.example",
    "1".repeat(100),
  ])("takes %j for no address", (text) => {
    expect(hopOf(text)).toBeUndefined();
  });

  test.each(["unknown", "unix:/run/rollcall.sock"])(
    "trusts clients of a Unix socket where it is told so: %s",
    (peer) => {
      expect(createHopOf(["unix"])(peer)).toEqual({ address: peer, trusted: true });
    },
  );

  test.each(["0.0.0.0/0", "0.0.0.0/32", "::/0", "::1/128", "10.1.2.3/8"])("takes the range %s", (range) => {
    expect(createHopOf([range])).toBeInstanceOf(Function);
  });

  test.each([
    "",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/a",
    "10.0/8",
    "::/129",
    "proxy.example",
    "*",
  ])("refuses %j", (proxy) => {
    expect(() => createHopOf([proxy])).toThrow(
      new TypeError(
        `trustedProxies has ${JSON.stringify(proxy)}; it takes addresses, ranges such as "10.0.0.0/8", and "unix"`,
      ),
    );
  });
});
