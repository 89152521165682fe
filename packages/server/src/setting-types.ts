import { realIp } from "@rollcall/interceptors/server/real-ip";
import { isLoopback } from "@rollcall/rpc/grpc";
import * as z from "zod";

/** Where to listen. */
export const address = z
  .string()
  .regex(/^(unix:.+|(\[[0-9a-f:]+\]|[^\s:/[\]]+):[0-9]+)$/i, {
    error: "host:port, such as 127.0.0.1:50051, or unix: and a path",
    abort: true,
  })
  .refine((text) => text.startsWith("unix:") || Number(text.slice(text.lastIndexOf(":") + 1)) <= 65_535, {
    error: "a port from 0 to 65535",
  });

/** The path of a file. */
export const file = z.string().optional();

/** Where public keys are fetched from. What comes in the clear from elsewhere could be anybody's keys. */
export const keyUrl = z.string().refine(isKeyUrl, {
  error: "a URL that begins with https://, or with http:// and the name of this machine, without a password",
});

const databaseUrlError = "a URL that begins with postgres:// or postgresql://";

/** Where PostgreSQL is. */
export const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, { error: databaseUrlError })
  .refine((text) => URL.canParse(text), { error: databaseUrlError, abort: true });

/** Addresses and ranges of them, with commas between. None by default. */
export const addressRanges = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  )
  .refine(areAddressRanges, {
    error: "addresses or ranges with commas between them, such as 10.0.0.0/8,192.168.1.1",
  });

/** Yes or no. */
export const flag = z.enum(["true", "false"], { error: "true or false" }).transform((text) => text === "true");

/** A number without a sign, a fraction or a unit. */
export function wholeNumber(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }));
}

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: words.length === 2 ? words.join(" or ") : `one of ${words.join(", ")}` });
}

function areAddressRanges(trustedProxies: readonly string[]): boolean {
  try {
    realIp({ trustedProxies });
    return true;
  } catch {
    return false;
  }
}

function isKeyUrl(text: string): boolean {
  if (!URL.canParse(text)) {
    return false;
  }
  const { protocol, host, username, password } = new URL(text);
  const isPrivate = protocol === "https:" || (protocol === "http:" && isLoopback(host));
  return isPrivate && username === "" && password === "";
}
