const secretParameters = ["password", "sslpassword"];
const redacted = "***";

/** The URL with its passwords replaced, to show to people. What is no URL at all is replaced as a whole. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) {
    return redacted;
  }
  const url = new URL(text);
  if (url.password !== "") {
    url.password = redacted;
  }
  for (const name of secretParameters.filter((parameter) => url.searchParams.has(parameter))) {
    url.searchParams.set(name, redacted);
  }
  return url.href;
}
