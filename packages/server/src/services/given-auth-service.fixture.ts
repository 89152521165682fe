import { afterAll, beforeAll, jest } from "@jest/globals";
import type { Store } from "../storage/store.js";
import { type DatabaseName, givenStore } from "../storage/test-store.fixture.js";
import {
  type RunningAuthService,
  startAuthService,
  type StartAuthServiceOptions,
} from "./start-auth-service.fixture.js";

/** The databases are real ones, and a machine that does other things besides takes its time. */
const testTimeoutMs = 30_000;

/** AuthService and UserService on a store, for all tests of the surrounding `describe`. */
export interface GivenAuthService extends Omit<RunningAuthService, typeof Symbol.asyncDispose> {
  readonly store: Store;
  /** What the clock shows. */
  readonly now: () => number;
  /** Moves the clock of the server and of the store, which stands still otherwise. */
  advance(ms: number): void;
}

/** Runs both services on an empty database of either kind during all tests of the surrounding `describe`. */
export function givenAuthService(
  name: DatabaseName,
  options: Omit<StartAuthServiceOptions, "now"> = {},
): GivenAuthService {
  jest.setTimeout(testTimeoutMs);
  let nowMs = Date.now();
  const now = () => nowMs;
  const given = givenStore(name, { now });
  let running: RunningAuthService | undefined;

  beforeAll(async () => {
    running = await startAuthService(given.store, { ...options, now });
  });

  afterAll(async () => {
    await running?.[Symbol.asyncDispose]();
  });

  const service = () => {
    if (running === undefined) {
      throw new Error("the service is started before the first test, not while tests are described");
    }
    return running;
  };
  return {
    now,
    get store() {
      return given.store;
    },
    get auth() {
      return service().auth;
    },
    get users() {
      return service().users;
    },
    get accessTokens() {
      return service().accessTokens;
    },
    get passwords() {
      return service().passwords;
    },
    get unexpected() {
      return service().unexpected;
    },
    advance(ms) {
      nowMs += ms;
    },
  };
}
