/** One of the names that a certificate was issued for. */
export interface SubjectAltName {
  /** `DNS`, `URI`, `email`, `IP Address`, or what else OpenSSL calls it. */
  readonly type: string;
  readonly value: string;
}

/** `DNS:one.example`, or `DNS:"two, three"` with the escapes of JSON where the name itself could be taken for several. */
const nextName = /(?<type>[^:,"]+):(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^,"]*))(?:, |$)/y;

/**
 * The names in the text that Node makes of them, as in `X509Certificate.subjectAltName`. A name may contain what looks like
 * another name; Node then quotes it, and so splitting at commas would let anybody be anyone.
 *
 * @see https://nodejs.org/api/crypto.html#x509subjectaltname
 * @throws TypeError for a text that Node does not make.
 */
export function parseSubjectAltNames(text: string): readonly SubjectAltName[] {
  const names: SubjectAltName[] = [];
  for (let index = 0; index < text.length; index = nextName.lastIndex) {
    nextName.lastIndex = index;
    const { type, quoted, plain } = nextName.exec(text)?.groups ?? {};
    if (type === undefined) {
      throw new TypeError("the names of the certificate cannot be told apart");
    }
    names.push({ type, value: quoted === undefined ? (plain ?? "") : unquoted(quoted) });
  }
  return names;
}

function unquoted(quoted: string): string {
  return JSON.parse(`"${quoted}"`) as string; // a text in quotes is a string to JSON, or a SyntaxError
}
