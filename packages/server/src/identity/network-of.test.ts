import { describe, expect, test } from "@jest/globals";
import { networkOf } from "./network-of.js";

describe("networkOf", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["unknown", "unknown"],
    ["unix:/run/rollcall.sock", "unix:/run/rollcall.sock"],
    ["", ""],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["2001:db8:0:1::", "2001:db8:0:1::/64"],
    ["2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"],
    ["2001:db8:0:1:ffff::5", "2001:db8:0:1::/64"],
    ["2001:0DB8::1:2:3:4:5", "2001:db8:0:1::/64"],
    ["2001:db8::1:2:3:4", "2001:db8:0:0::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
    ["1:2:3:4:5:6:192.0.2.1", "1:2:3:4::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("of %j is %j", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
