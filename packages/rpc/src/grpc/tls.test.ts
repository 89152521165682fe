import { describe, expect, test } from "@jest/globals";
import { channelCredentials, isLoopback, type TlsOptions } from "./tls.js";

describe("isLoopback", () => {
  test.each([
    "localhost:50051",
    "LOCALHOST",
    "127.0.0.1:50051",
    "127.8.9.10",
    "[::1]:50051",
    "dns:localhost:50051",
    "dns:///localhost:50051",
    "dns://8.8.8.8/127.0.0.1:50051",
    "ipv4:127.0.0.1:50051",
    "ipv6:[::1]:50051",
    "unix:/run/rollcall.sock",
    "unix:///run/rollcall.sock",
    "unix-abstract:rollcall",
  ])("is true of %s", (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  test.each([
    "example.test:50051",
    "localhost.example.test:50051",
    "example.localhost.test",
    "127.0.0.1.example.test",
    "1127.0.0.1",
    "10.0.0.1:50051",
    "0.0.0.0:50051",
    "[::]:50051",
    "[::12]:50051",
    "dns:///example.test/localhost",
    "ipv4:10.0.0.1:1,127.0.0.1:1",
    "ipv4:127.0.0.1:1,10.0.0.1:1",
    "xds:///localhost.example.test",
    "",
  ])("is false of %p", (address) => {
    expect(isLoopback(address)).toBe(false);
  });
});

describe("channelCredentials", () => {
  test.each([
    ["on this machine", "localhost:50051", undefined, false],
    ["elsewhere", "example.test:443", undefined, true],
    ["elsewhere, with tls off", "example.test:443", false, false],
    ["on this machine, with tls on", "localhost:50051", true, true],
    ["on this machine, with options for tls", "localhost:50051", {}, true],
  ])("encrypt a channel to a server %s: %s, %p: %p", (_case, address, tls, expected) => {
    expect(channelCredentials(address, tls)._isSecure()).toBe(expected);
  });

  test.each([
    ["a certificate without its key", { certificate: "x" }, "tls has a certificate without its key"],
    ["a key without its certificate", { key: "x" }, "tls has a key without its certificate"],
    [
      "an option that is unknown",
      { cert: "x" },
      'unknown option "cert"; the options are ca, certificate, key, serverName',
    ],
  ])("are refused for %s", (_case, tls, message) => {
    expect(() => channelCredentials("localhost:1", tls as TlsOptions)).toThrow(new TypeError(message));
  });
});
