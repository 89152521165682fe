import { generate } from "selfsigned";

/** A certificate and its private key, both PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of its own, with certificates that it has signed. */
export interface TestCertificates {
  /** The authority's certificate, PEM: what a peer trusts. */
  readonly ca: string;
  /** For a server at `localhost`, `127.0.0.1` or `::1`. */
  readonly server: TestCertificate;
  /** For a client, in the name of `client`. */
  readonly client: TestCertificate;
}

const loopbackNames = {
  name: "subjectAltName",
  altNames: [
    { type: 2, value: "localhost" },
    { type: 7, ip: "127.0.0.1" },
    { type: 7, ip: "::1" },
  ],
} as const;

/** Makes certificates for tests of TLS and mutual TLS. Each call makes another authority, which trusts no other. */
export async function createTestCertificates(): Promise<TestCertificates> {
  const authority = await generate([{ name: "commonName", value: "test authority" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const sign = async (name: string, usage: { readonly serverAuth: true } | { readonly clientAuth: true }) => {
    const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
      keyType: "ec",
      algorithm: "sha256",
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: "basicConstraints", cA: false },
        { name: "extKeyUsage", ...usage },
        { ...loopbackNames, altNames: [...loopbackNames.altNames] },
      ],
    });
    return { certificate: cert, key };
  };
  return {
    ca: authority.cert,
    server: await sign("localhost", { serverAuth: true }),
    client: await sign("client", { clientAuth: true }),
  };
}
