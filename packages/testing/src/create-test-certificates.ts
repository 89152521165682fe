import { isIP } from "node:net";
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

/** Whom the certificates are for. */
export interface TestCertificatesOptions {
  /** Names and addresses of the server beside those of this machine itself. None by default. */
  readonly hosts?: readonly string[] | undefined;
  /** Until when they are valid. Defaults to a year from now. */
  readonly notAfter?: Date | undefined;
}

const loopbackNames = ["localhost", "127.0.0.1", "::1"];

/** Makes certificates for tests of TLS and mutual TLS. Each call makes another authority, which trusts no other. */
export async function createTestCertificates(options: TestCertificatesOptions = {}): Promise<TestCertificates> {
  const { hosts = [], notAfter } = options;
  const validity = notAfter === undefined ? {} : { notBeforeDate: new Date(0), notAfterDate: notAfter };
  const altNames = [...loopbackNames, ...hosts].map(altName);
  const authority = await generate([{ name: "commonName", value: "test authority" }], {
    ...validity,
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const sign = async (name: string, usage: { readonly serverAuth: true } | { readonly clientAuth: true }) => {
    const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
      ...validity,
      keyType: "ec",
      algorithm: "sha256",
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: "basicConstraints", cA: false },
        { name: "extKeyUsage", ...usage },
        { name: "subjectAltName", altNames },
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

function altName(host: string) {
  return isIP(host) === 0 ? ({ type: 2, value: host } as const) : ({ type: 7, ip: host } as const);
}
