import { describe, expect, test } from "@jest/globals";
import type { ClientInterceptor, ServerInterceptor } from "@rollcall/rpc";
import { clientConcerns, type Concern, serverConcerns, withConcern } from "./concern.js";
import { clientStack, serverStack } from "./standard-order.js";
import { when } from "./when.js";

const ofServer = (concern: Concern): ServerInterceptor => withConcern(concern, () => undefined);
const ofClient = (concern: Concern): ClientInterceptor => withConcern(concern, () => undefined);
const own: ServerInterceptor = () => undefined;
const ownConcern: ServerInterceptor = Object.assign(() => undefined, { concern: "tenant" });

describe("serverStack", () => {
  test("answers with all concerns, in their order, as they are", () => {
    const interceptors = serverConcerns.map(ofServer);
    expect(serverStack(interceptors)).toEqual(interceptors);
    expect(serverStack([])).toEqual([]);
  });

  test("lets other interceptors stand anywhere", () => {
    const interceptors = [own, ofServer("recovery"), ownConcern, ownConcern, ofServer("auth"), own, own];
    expect(serverStack(interceptors)).toEqual(interceptors);
  });

  const misplaced = serverConcerns.flatMap((inner, place) =>
    serverConcerns.slice(0, place).map((outer) => [inner, outer] as const),
  );
  test.each(misplaced)("refuses %s around %s", (first, second) => {
    const stack = () => serverStack([ofServer(first), own, ofServer(second)]);
    expect(stack).toThrow(TypeError);
    expect(stack).toThrow(
      `${first} stands around ${second}, and has to stand within; the order is realIp, requestId, `,
    );
  });

  test("refuses two of one concern", () => {
    expect(() => serverStack([ofServer("auth"), ofServer("auth")])).toThrow(
      "auth is there twice; give each methods of its own with when()",
    );
    expect(() => serverStack([when([], ofServer("auth")), ofServer("auth")])).toThrow("auth is there twice");
  });

  test("takes two of one concern that are each for some methods", () => {
    const interceptors = [when(["a.v1.A"], ofServer("auth")), when(["b.v1.B"], ofServer("auth"))];
    expect(serverStack(interceptors)).toEqual(interceptors);
  });
});

describe("clientStack", () => {
  test("has an order of its own", () => {
    const interceptors = clientConcerns.map(ofClient);
    expect(clientStack(interceptors)).toEqual(interceptors);
    expect(() => clientStack([ofClient("circuitBreaker"), ofClient("retry")])).toThrow(
      "circuitBreaker stands around retry, and has to stand within; the order is deadline, requestId, ",
    );
  });
});
