import * as grpc from "@grpc/grpc-js";
import { checkNames } from "./channel-arguments.js";

/** How a client recognises the server, and shows who it is itself. All texts are PEM. */
export interface TlsOptions {
  /** Certificates of the authorities to trust. Defaults to those that Node trusts. */
  readonly ca?: string | Buffer | undefined;
  /** The client's own certificate chain, for a server that asks for one (mutual TLS). Needs `key`. */
  readonly certificate?: string | Buffer | undefined;
  /** The private key of `certificate`. */
  readonly key?: string | Buffer | undefined;
  /** The name that the server's certificate must bear. Defaults to the host of the address. */
  readonly serverName?: string | undefined;
}

const loopbackPattern =
  /^(?:unix(?:-abstract)?:|(?:(?:dns:(?:\/\/[^/]*\/)?|ipv4:|ipv6:)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$))/i;

/** Whether the address leads to a program on the same machine, where nobody listens in. */
export function isLoopback(address: string): boolean {
  return loopbackPattern.test(address);
}

/**
 * The credentials of a channel: TLS unless the address is on this machine, or as `tls` says.
 *
 * @throws TypeError for an option that is unknown, a certificate without a key, or a key without a certificate.
 */
export function channelCredentials(address: string, tls: boolean | TlsOptions | undefined): grpc.ChannelCredentials {
  if (tls === false || (tls === undefined && isLoopback(address))) {
    return grpc.credentials.createInsecure();
  }
  const { ca, certificate, key }: TlsOptions = typeof tls === "object" ? tls : {};
  checkNames(typeof tls === "object" ? tls : {}, ["ca", "certificate", "key", "serverName"]);
  if ((certificate === undefined) !== (key === undefined)) {
    throw new TypeError(
      `tls has a ${key === undefined ? "certificate without its key" : "key without its certificate"}`,
    );
  }
  return grpc.credentials.createSsl(pem(ca), pem(key), pem(certificate));
}

function pem(text: string | Buffer | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}
