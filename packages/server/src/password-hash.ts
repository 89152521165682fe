import { scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { parseOptions as parseArgon2, type ParsedHashOptions, verify as verifyArgon2 } from "@node-rs/argon2";
import { parseOptions as parseBcrypt, verify as verifyBcrypt } from "@node-rs/bcrypt";

/** What a hash with argon2id costs: memory in KiB, passes, lanes. */
export interface Argon2Cost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** Whether a password is the one that was hashed. */
export type MatchPassword = (password: string) => Promise<boolean>;

const scryptPattern = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)={0,2}\$([A-Za-z0-9+/]+)={0,2}$/;

// A hash that somebody has put into an import must not be able to stop the server, nor to fit any password.
const most = { memoryKib: 524_288, memoryKibTimesPasses: 2_097_152, parallelism: 16, bcryptRounds: 15 };
const mostScryptBytes = 256 * 1024 * 1024;
const outputBytes = { least: 16, most: 128 };

const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);

/**
 * How to compare a password with a hash of argon2, bcrypt, or scrypt in PHC's form (`$scrypt$ln=15,r=8,p=1$salt$hash`).
 * Undefined for anything else, and for a hash that costs beyond all reason. Bcrypt compares 72 bytes and no more.
 *
 * @param own - What new hashes cost. Never beyond reason, whatever it is.
 * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 */
export function matcherOf(hashed: string, own: Argon2Cost): MatchPassword | undefined {
  return argon2Matcher(hashed, own) ?? bcryptMatcher(hashed) ?? scryptMatcher(hashed);
}

/** Whether the hash was made otherwise than new ones are. */
export function isOutdated(hashed: string, own: Argon2Cost): boolean {
  const cost = parsed(parseArgon2, hashed);
  return !(hashed.startsWith("$argon2id$v=19$") && cost !== undefined && isSameCost(cost, own));
}

function argon2Matcher(hashed: string, own: Argon2Cost): MatchPassword | undefined {
  const cost = parsed(parseArgon2, hashed);
  return cost !== undefined && isBearable(cost, own) ? (password) => verifyArgon2(hashed, password) : undefined;
}

function isBearable(cost: ParsedHashOptions, own: Argon2Cost): boolean {
  const { memoryCost, timeCost, parallelism, outputLen } = cost;
  const isReasonable =
    memoryCost <= most.memoryKib &&
    memoryCost * timeCost <= most.memoryKibTimesPasses &&
    parallelism <= most.parallelism;
  return (isReasonable || isSameCost(cost, own)) && isOutputLength(outputLen);
}

function isSameCost(cost: Argon2Cost, own: Argon2Cost): boolean {
  return cost.memoryCost === own.memoryCost && cost.timeCost === own.timeCost && cost.parallelism === own.parallelism;
}

/** Not for `2x`, which marks hashes of a defective implementation. */
function bcryptMatcher(hashed: string): MatchPassword | undefined {
  const { version, cost } = parsed(parseBcrypt, hashed) ?? { version: "2x", cost: 0 };
  return version !== "2x" && cost <= most.bcryptRounds ? (password) => verifyBcrypt(password, hashed) : undefined;
}

function scryptMatcher(hashed: string): MatchPassword | undefined {
  const found = scryptPattern.exec(hashed);
  const [ln = 0, r = 0, p = 0] = found?.slice(1, 4).map(Number) ?? [];
  const [salt, output] = (found?.slice(4) ?? []).map((text) => Buffer.from(text, "base64"));
  const isPossible = ln >= 1 && r >= 1 && p >= 1 && ln < 16 * r && 128 * 2 ** ln * r * p <= mostScryptBytes;
  if (salt === undefined || output === undefined || !isOutputLength(output.length) || !isPossible) {
    return undefined;
  }
  const options = { N: 2 ** ln, r, p, maxmem: 2 * mostScryptBytes };
  return async (password) => timingSafeEqual(await scryptAsync(password, salt, output.length, options), output);
}

function isOutputLength(bytes: number): boolean {
  return bytes >= outputBytes.least && bytes <= outputBytes.most;
}

/** What the parser makes of a hash; undefined where it is not one of its kind. */
function parsed<T>(parse: (hashed: string) => T, hashed: string): T | undefined {
  try {
    return parse(hashed);
  } catch {
    return undefined;
  }
}
