import { describe, expect, test } from "@jest/globals";
import * as grpc from "@grpc/grpc-js";
import { cinemaServiceConfig, cinemaServiceHedgingConfig } from "../gen/policy/cinema_service.policy.js";
import { CinemaServiceDefinition, GetSeatRequest, Seat } from "../gen/policy/cinema_service.js";

/** Serves GetSeat and BuySeat: as many calls as `failures` fail with UNAVAILABLE, all others succeed. */
async function startServer(failures: number) {
  const attempts: string[] = [];
  const server = new grpc.Server();
  const handle =
    (name: string): grpc.handleUnaryCall<unknown, Seat> =>
    (_call, callback) => {
      attempts.push(name);
      if (attempts.length <= failures) {
        callback({ code: grpc.status.UNAVAILABLE, details: "not yet" });
      } else {
        callback(null, Seat.fromPartial({ row: attempts.length }));
      }
    };
  const methodOf = (name: string) => ({
    path: `/${CinemaServiceDefinition.fullName}/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (): Buffer => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (seat: Seat) => Buffer.from(Seat.encode(seat).finish()),
    responseDeserialize: (bytes: Buffer) => Seat.decode(bytes),
  });
  server.addService(
    { GetSeat: methodOf("GetSeat"), BuySeat: methodOf("BuySeat") },
    { GetSeat: handle("GetSeat"), BuySeat: handle("BuySeat") },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  return {
    attempts,
    address: `127.0.0.1:${port}`,
    [Symbol.dispose]: () => {
      server.forceShutdown();
    },
  };
}

function connect(address: string, config: unknown) {
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), {
    "grpc.service_config": JSON.stringify(config),
  });
  const serialize = (request: GetSeatRequest) => Buffer.from(GetSeatRequest.encode(request).finish());
  return {
    call: (name: string) =>
      new Promise<Seat>((resolve, reject) => {
        const path = `/${CinemaServiceDefinition.fullName}/${name}`;
        const request = GetSeatRequest.fromPartial({ guestId: "1" });
        client.makeUnaryRequest(
          path,
          serialize,
          (bytes: Buffer) => Seat.decode(bytes),
          request,
          (error, seat) => {
            if (error === null && seat !== undefined) {
              resolve(seat);
            } else {
              reject(error ?? new Error("no answer"));
            }
          },
        );
      }),
    [Symbol.dispose]: () => {
      client.close();
    },
  };
}

describe("the generated service configuration", () => {
  test.each([
    ["retries", cinemaServiceConfig],
    ["hedges", cinemaServiceHedgingConfig],
  ])("makes a channel repeat a call without side effects that fails twice: %s", async (_case, config) => {
    using server = await startServer(2);
    using client = connect(server.address, config);
    await expect(client.call("GetSeat")).resolves.toEqual({ row: 3 });
    expect(server.attempts).toHaveLength(3);
  });

  test.each([
    ["retries", cinemaServiceConfig],
    ["hedges", cinemaServiceHedgingConfig],
  ])("leaves a call alone that must not be repeated: %s", async (_case, config) => {
    using server = await startServer(2);
    using client = connect(server.address, config);
    await expect(client.call("BuySeat")).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
    expect(server.attempts).toEqual(["BuySeat"]);
  });

  test("gives a call its time, to the millisecond", () => {
    const timeouts = cinemaServiceConfig.methodConfig.map((config) =>
      "timeout" in config ? config.timeout : undefined,
    );
    expect(timeouts).toEqual(["30s", "10.250000000s", undefined]);
  });

  test("says nothing of methods that it has nothing to say of", () => {
    const named = cinemaServiceConfig.methodConfig.flatMap(({ name }) => name.map(({ method }) => method));
    expect(named).toEqual(["GetSeat", "BuySeat", "CloseSeat"]);
  });
});
