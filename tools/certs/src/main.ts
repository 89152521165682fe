import { parseArgs } from "node:util";
import { writeCertificates } from "./write-certificates.js";

const usage = "usage: npm run certs -- [--out .rollcall/certs] [--host example.test]... [--replace]";

try {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: ".rollcall/certs" },
      host: { type: "string", multiple: true, default: [] },
      replace: { type: "boolean", default: false },
    },
  });
  const folder = values.out;
  const paths = await writeCertificates({ folder, hosts: values.host, replace: values.replace });
  console.log(
    [
      "An authority of its own, and certificates of a server and of a client, for trying TLS. Valid for a year:",
      ...paths.map((path) => `  ${path}`),
      "",
      "A server that encrypts:",
      `  ROLLCALL_TLS_CERTIFICATE_FILE=${folder}/server.crt ROLLCALL_TLS_KEY_FILE=${folder}/server.key npm start`,
      "A server that also asks its clients for a certificate: add",
      `  ROLLCALL_TLS_CLIENT_CA_FILE=${folder}/ca.crt`,
      "A client of it:",
      `  createRollcallClient({ address: "localhost:50051", tls: { ca: readFileSync("${folder}/ca.crt") } })`,
    ].join("\n"),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 1;
}
