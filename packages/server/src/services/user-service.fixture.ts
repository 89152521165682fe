import { afterAll, beforeAll, expect, jest } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type Caller, setCaller } from "@rollcall/interceptors/server/caller";
import { recovery } from "@rollcall/interceptors/server/recovery";
import type { Client, ServerInterceptor } from "@rollcall/rpc";
import { startTestServer, type TestServer, type TestServerOptions } from "@rollcall/testing";
import { Rooms, type RoomsOptions } from "../chat/rooms.js";
import { createPasswords } from "../passwords.js";
import { eventually } from "../storage/eventually.fixture.js";
import type { Store } from "../storage/store.js";
import { type DatabaseName, givenStore } from "../storage/test-store.fixture.js";
import { errorDomain } from "./errors.js";
import { createRequestInterceptors } from "./request-interceptors.js";
import { storeStatus } from "./store-status.js";
import { createUserService, type UserServiceOptions } from "./user-service.js";

/** The databases are real ones, and a machine that does other things besides takes its time. */
const testTimeoutMs = 30_000;

export type UserClient = Client<UserServiceDefinition>;

export interface StartUserServiceOptions extends Omit<Partial<UserServiceOptions>, "store"> {
  readonly roomsOptions?: RoomsOptions | undefined;
  readonly channel?: TestServerOptions["channel"];
  /** Who makes every call. Nobody in particular by default. */
  readonly caller?: Caller | undefined;
}

/** UserService on a real server. */
export interface RunningUserService extends TestServer<UserServiceDefinition> {
  readonly rooms: Rooms;
  /** What ended calls without anybody having foreseen it. */
  readonly unexpected: readonly unknown[];
  /** Resolves when the server has nothing to do any more, also not for clients that have gone. */
  idle(): Promise<void>;
}

/** Starts UserService on a store, behind the interceptors that have a part in its errors. */
export async function startUserService(
  store: Store,
  { roomsOptions, channel, caller, ...options }: StartUserServiceOptions = {},
): Promise<RunningUserService> {
  const unexpected: unknown[] = [];
  const rooms = options.rooms ?? new Rooms(store.messages, roomsOptions);
  const { passwords = createPasswords(), ...others } = options;
  const service = createUserService({ store, rooms, passwords, ...others });
  const onError = (error: unknown) => unexpected.push(error);
  const { idle, countCalls } = createCallCounter();
  const server = await startTestServer(UserServiceDefinition, service, {
    interceptors: [
      countCalls,
      recovery({ domain: errorDomain, onError }),
      storeStatus,
      ...(caller === undefined ? [] : [asCaller(caller)]),
      ...createRequestInterceptors({ store, passwords }),
    ],
    channel,
  });
  return {
    ...server,
    rooms,
    unexpected,
    idle,
    async [Symbol.asyncDispose]() {
      rooms.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

function asCaller(caller: Caller): ServerInterceptor {
  return () => async (call, next) => {
    setCaller(call, caller);
    await next();
  };
}

/** Counts the calls that a server works on. */
function createCallCounter(): { readonly countCalls: ServerInterceptor; readonly idle: () => Promise<void> } {
  let underWay = 0;
  return {
    countCalls: () => async (_call, next) => {
      underWay += 1;
      try {
        await next();
      } finally {
        underWay -= 1;
      }
    },
    idle: () =>
      eventually(async () => {
        expect(underWay).toBe(0);
      }),
  };
}

/** UserService on an empty database, for all tests of the surrounding `describe`. */
export interface GivenUserService extends Pick<
  RunningUserService,
  "client" | "channel" | "address" | "unexpected" | "idle"
> {
  readonly store: Store;
}

/** Runs UserService on an empty database of either kind during all tests of the surrounding `describe`. */
export function givenUserService(name: DatabaseName, options: StartUserServiceOptions = {}): GivenUserService {
  jest.setTimeout(testTimeoutMs);
  const given = givenStore(name);
  let running: RunningUserService | undefined;

  beforeAll(async () => {
    running = await startUserService(given.store, options);
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
    get store() {
      return given.store;
    },
    get client() {
      return service().client;
    },
    get channel() {
      return service().channel;
    },
    get address() {
      return service().address;
    },
    get unexpected() {
      return service().unexpected;
    },
    idle: () => service().idle(),
  };
}
