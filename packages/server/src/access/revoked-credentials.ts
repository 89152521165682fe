import type { Caller } from "@rollcall/interceptors/server/caller";
import type { Revocation } from "../storage/identity/revocation.js";
import { authVersionOf } from "./token-caller.js";

/** For how long it is remembered that something was revoked. */
export interface RevokedCredentialsOptions {
  readonly keepMs: number;
  /** Milliseconds that never run backwards. */
  readonly now: () => number;
}

interface Revoked {
  readonly belowVersion: number;
  readonly untilMs: number;
}

/** Credentials that no longer count, for as long as any of them could otherwise still be used. */
export class RevokedCredentials {
  readonly #keepMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, Revoked>();

  constructor({ keepMs, now }: RevokedCredentialsOptions) {
    this.#keepMs = keepMs;
    this.#now = now;
  }

  /** How many are remembered: one for each user, session and key. */
  get size(): number {
    return this.#known.size;
  }

  /** Learns of one. A user's versions only grow, so that the last revocation of a user covers the earlier ones. */
  add(revocation: Revocation): void {
    const key = `${revocation.kind} ${revocation.id}`;
    const belowVersion = revocation.kind === "user" ? revocation.belowVersion : Infinity;
    this.#known.delete(key); // what was learned last is forgotten last
    this.#known.set(key, { belowVersion, untilMs: this.#now() + this.#keepMs });
  }

  /** Whether this caller's credentials are among them. */
  has(caller: Caller): boolean {
    const { subject, credential, credentialId } = caller;
    switch (credential) {
      case "token":
        return this.#isBelow(`user ${subject}`, authVersionOf(caller)) || this.#isBelow(`session ${credentialId}`, 0);
      case "apiKey":
        return this.#isBelow(`apiKey ${credentialId}`, 0);
      case "certificate":
      case "none":
        return false;
    }
  }

  /** Forgets what no credentials are left of. */
  forgetOld(): void {
    for (const [key, { untilMs }] of this.#known) {
      if (untilMs > this.#now()) {
        return; // the others were learned later
      }
      this.#known.delete(key);
    }
  }

  #isBelow(key: string, version: number | undefined): boolean {
    return version !== undefined && version < (this.#known.get(key)?.belowVersion ?? 0);
  }
}
