import { X509Certificate } from "node:crypto";
import { describe, expect, jest, test } from "@jest/globals";
import type { InterceptedServerCall, ServerInterceptor } from "@rollcall/rpc";
import { createFakeClock, createPingService, createTestCertificates, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { callerOf } from "../caller.js";
import { auth } from "./auth.js";
import { clientCertificate, type ClientCertificateOptions } from "./client-certificate.js";

/** For the year 2030, in the names of a URI, of a host whose name looks like another URI, and of an address. */
const billing = new X509Certificate(`-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIJSUHCB9u77UulMAoGCCqGSM49BAMCMBIxEDAOBgNVBAMT
B2JpbGxpbmcwHhcNMzAwMTAxMDAwMDAwWhcNMzEwMTAxMDAwMDAwWjASMRAwDgYD
VQQDEwdiaWxsaW5nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELvna8m7T9sd2
RO4QCVqpMHX4TVlF5ksyK83G8fxSRQwD0bMm6W8wzVTq/zUQV3rczllT1PJt6Wz9
sUSl8jTdzKNeMFwwWgYDVR0RBFMwUYYcc3BpZmZlOi8vZXhhbXBsZS5jb20vYmls
bGluZ4Irb25lLmV4YW1wbGUsIFVSSTpzcGlmZmU6Ly9leGFtcGxlLmNvbS9hZG1p
bocEfwAAATAKBggqhkjOPQQDAgNIADBFAiBcYovjRerVsHuIIDLGv05X5GAE/WvS
H4Ijw/QMsRk2qQIhANwkCenloTFl9DFT08AE4DiRg2oTBDYaN5IKQiqFGYnF
-----END CERTIFICATE-----`).raw;
const fingerprint = "DFD76E59948AD716022BACB484EDF16D0CF55702E66D9C6E7CAFA359537FD154";

function start(options: Partial<ClientCertificateOptions> = {}) {
  const clock = createFakeClock(Date.UTC(2030, 5, 1));
  const identify = jest.fn<ClientCertificateOptions["identify"]>(({ subjectAltNames }) =>
    subjectAltNames.some(({ type, value }) => type === "URI" && value === "spiffe://example.com/billing")
      ? { subject: "billing", roles: ["reader"] }
      : undefined,
  );
  const source = clientCertificate({ identify, now: clock.now, ...options });
  const look = (certificate: Uint8Array | undefined, encrypted = true) =>
    // All that the source looks at.
    source({ connection: { encrypted, clientCertificate: certificate } } as InterceptedServerCall);
  return { look, identify, clock };
}

describe("clientCertificate", () => {
  test("finds whom the certificate of the connection stands for", () => {
    expect(start().look(billing)).toEqual({
      subject: "billing",
      roles: ["reader"],
      credential: "certificate",
      credentialId: fingerprint,
      expiresAt: new Date("2031-01-01T00:00:00Z"),
    });
  });

  test("takes no name for another that it looks like", () => {
    const { look, identify } = start();
    expect(look(billing)).toBeDefined();
    expect(identify.mock.lastCall?.[0]).toEqual({
      subjectAltNames: [
        { type: "URI", value: "spiffe://example.com/billing" },
        { type: "DNS", value: "one.example, URI:spiffe://example.com/admin" },
        { type: "IP Address", value: "127.0.0.1" },
      ],
      fingerprint,
      validFrom: new Date("2030-01-01T00:00:00Z"),
      validTo: new Date("2031-01-01T00:00:00Z"),
    });
  });

  test("reads a certificate once, and asks each time whom it stands for", () => {
    const { look, identify } = start();
    expect(look(billing)).toEqual(look(Buffer.from(billing)));
    const [first, second] = identify.mock.calls;
    expect(second?.[0]).toBe(first?.[0]);
    identify.mockReturnValueOnce(undefined);
    expect(look(billing)).toBeUndefined();
  });

  test("finds nothing where there is no certificate, or no encryption", () => {
    const { look } = start();
    expect(look(undefined)).toBeUndefined();
    expect(look(billing, false)).toBeUndefined();
  });

  test.each([
    ["has run out", Date.UTC(2031, 0, 1)],
    ["has not begun", Date.UTC(2029, 11, 31)],
  ])("refuses a certificate whose time %s since the connection was made", (_case, nowMs) => {
    expect(() => start({ now: () => nowMs }).look(billing)).toThrow("the certificate's time");
  });

  test("refuses bytes that are no certificate", () => {
    expect(() => start().look(Buffer.from("certificate"))).toThrow();
  });

  test("cannot be made with a cache of no size", () => {
    expect(() => start({ cacheMax: 0 })).toThrow(new TypeError("cacheMax is 0; it takes a number above 0"));
  });

  test("finds it on a real connection", async () => {
    const { ca, server: own, client } = await createTestCertificates();
    const identify: ClientCertificateOptions["identify"] = ({ subjectAltNames }) =>
      subjectAltNames.some(({ type, value }) => type === "DNS" && value === "localhost")
        ? { subject: "client", roles: [] }
        : undefined;
    const subjects: unknown[] = [];
    const note: ServerInterceptor = () => (call, next) => {
      subjects.push(callerOf(call)?.subject);
      return next();
    };
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors: [
        auth({ policies: new Map(), sources: [clientCertificate({ identify })], domain: "example" }),
        note,
      ],
      listener: { tls: { ...own, clientCa: ca } },
      channel: { tls: { ca, ...client, serverName: "localhost" } },
    });
    await server.client.ping({});
    expect(subjects).toEqual(["client"]);
  });
});
