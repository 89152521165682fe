/** How a server shows who it is, and which clients it lets in. All texts are PEM. */
export interface ServerTls {
  /** The certificate chain to show. */
  readonly certificate: string | Buffer;
  /** The private key of the certificate. */
  readonly key: string | Buffer;
  /** The authorities whose certificates clients may show (mutual TLS). Without them clients are not asked for one. */
  readonly clientCa?: string | Buffer | undefined;
  /** Whether clients without a certificate are refused, where there is a `clientCa`. Defaults to true. */
  readonly requireClientCertificate?: boolean | undefined;
}

/** The same in the terms of `node:tls`, with TLS 1.2 at least. */
export function tlsOptions({ certificate, key, clientCa, requireClientCertificate = true }: ServerTls) {
  return {
    cert: certificate,
    key,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
    requestCert: clientCa !== undefined,
    rejectUnauthorized: clientCa !== undefined && requireClientCertificate,
    minVersion: "TLSv1.2",
  } as const;
}
