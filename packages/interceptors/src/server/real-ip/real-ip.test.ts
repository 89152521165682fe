import { describe, expect, test } from "@jest/globals";
import {
  CallValues,
  createClient,
  methodOf,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, failCalls, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { overdueSoon } from "../../overdue-soon.fixture.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { clientAddressOf, realIp, type RealIpOptions } from "./real-ip.js";

const loopback = "127.0.0.1";

/** A server that is reached from 127.0.0.1, and the addresses that it takes its clients for when their calls end. */
async function start(
  options: RealIpOptions,
  service: ServiceImplementation<PingServiceDefinition> = createPingService(),
  inner: readonly ServerInterceptor[] = [],
) {
  const addresses: string[] = [];
  const note: ServerInterceptor = () => (call, next) =>
    next().finally(() => {
      addresses.push(clientAddressOf(call));
    });
  const interceptors = [realIp(options), note, ...inner];
  const server = await startTestServer(PingServiceDefinition, service, { interceptors });
  return { server, addresses };
}

/** What the server takes a client for that sends this header. */
async function addressFor(options: RealIpOptions, sent: string | readonly string[]): Promise<string | undefined> {
  const { server, addresses } = await start(options);
  await using _stop = server;
  await server.client.ping({}, { metadata: { [options.header ?? "x-forwarded-for"]: sent } });
  return addresses[0];
}

describe("realIp", () => {
  const trustedProxies = [loopback, "10.0.0.0/8", "fd00::/8"];

  test.each(everyKind)("finds out where a %s call comes from", async (_kind, makeCall) => {
    const { server, addresses } = await start({ trustedProxies });
    await using _stop = server;
    await makeCall(server.client, { metadata: { "x-forwarded-for": "192.0.2.1" } });
    expect(addresses).toEqual(["192.0.2.1"]);
  });

  test.each([
    ["the client behind one proxy", "192.0.2.1", "192.0.2.1"],
    ["the client behind several", "192.0.2.1, 10.0.0.2, fd00::1", "192.0.2.1"],
    ["the last that no trusted proxy vouches for", "198.51.100.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"],
    ["the first where all are trusted", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["the client without its port", "192.0.2.1:4711", "192.0.2.1"],
    ["the client in IPv6", "[2001:DB8::1]:4711", "2001:db8::1"],
    ["the client in IPv4 that is written as IPv6", "::ffff:192.0.2.1", "192.0.2.1"],
    ["the client behind a proxy that is written so", "192.0.2.1, ::ffff:10.0.0.2", "192.0.2.1"],
    ["the proxy where nothing was written down", "", loopback],
    ["the proxy where it wrote nonsense", "192.0.2.1, nonsense", loopback],
    ["the last trusted proxy before nonsense", "192.0.2.1, nonsense, 10.0.0.2", "10.0.0.2"],
    ["the last trusted proxy before a gap", "192.0.2.1,, 10.0.0.2", "10.0.0.2"],
    ["the last trusted proxy before a leading comma", ",10.0.0.2", "10.0.0.2"],
    ["the last trusted proxy before a trailing comma", "192.0.2.1,", loopback],
    ["the last trusted proxy before a short form", "10.9, 10.0.0.2", "10.0.0.2"],
  ])("takes for the client: %s", async (_case, sent, address) => {
    await expect(addressFor({ trustedProxies }, sent)).resolves.toBe(address);
  });

  test("reads a header that came several times as one", async () => {
    await expect(addressFor({ trustedProxies }, ["192.0.2.1", "10.0.0.2"])).resolves.toBe("192.0.2.1");
  });

  test.each([
    ["the client behind one proxy", "for=192.0.2.1;proto=https", "192.0.2.1"],
    ["the client behind several", 'For="[2001:db8::1]:4711", for=10.0.0.2;by=10.0.0.1', "2001:db8::1"],
    ["the proxy where the client stays hidden", "for=_hidden", loopback],
    ["a forger who opens a quote", 'for=198.51.100.1;x=", for=192.0.2.1', "192.0.2.1"],
  ])("takes for the client by the standard header: %s", async (_case, sent, address) => {
    await expect(addressFor({ trustedProxies, header: "forwarded" }, sent)).resolves.toBe(address);
  });

  test.each([
    ["whoever is connected is no trusted proxy", ["10.0.0.0/8"]],
    ["only Unix sockets are trusted", ["unix"]],
    ["no proxy is trusted", []],
  ])("ignores what clients claim where %s", async (_case, proxies) => {
    await expect(addressFor({ trustedProxies: proxies }, "192.0.2.1")).resolves.toBe(loopback);
  });

  test("walks no further than sixteen proxies", async () => {
    const proxies = Array.from({ length: 20 }, (_, index) => `10.0.0.${String(index)}`);
    await expect(addressFor({ trustedProxies }, `192.0.2.1, ${proxies.join(", ")}`)).resolves.toBe("10.0.0.4");
  });

  test("is left out where there are no proxies", () => {
    const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
    expect(realIp({ trustedProxies: [] })(ping)).toBeUndefined();
  });

  test.each([
    ["a proxy that is no address", { trustedProxies: ["proxy"] }, 'trustedProxies has "proxy"; it takes addresses'],
    [
      "an unknown header",
      { trustedProxies, header: "x-real-ip" },
      'header is "x-real-ip"; it takes x-forwarded-for or',
    ],
    ["what every object has", { trustedProxies, header: "toString" }, 'header is "toString"'],
  ])("refuses %s", (_case, options, message) => {
    const create = () => realIp(options as RealIpOptions); // as a program without types would
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });

  test("tells the address of a call that fails", async () => {
    const { server, addresses } = await start({ trustedProxies }, createPingService(), [
      failCalls(new StatusError(Status.NOT_FOUND, "none")),
    ]);
    await using _stop = server;
    const metadata = { "x-forwarded-for": "192.0.2.1" };
    await expect(server.client.ping({}, { metadata })).rejects.toMatchObject({ code: Status.NOT_FOUND });
    expect(addresses).toEqual(["192.0.2.1"]);
  });

  test.each(everyKind)("tells the address of a %s call that is cancelled", async (_kind, makeCall) => {
    const { service, began } = createWaitingService();
    const { server, addresses } = await start({ trustedProxies }, service);
    await using _stop = server;
    const cancellation = new AbortController();
    const options = { signal: cancellation.signal, metadata: { "x-forwarded-for": "192.0.2.1" } };
    const call = expect(makeCall(server.client, options)).rejects.toMatchObject({ code: Status.CANCELLED });
    await began;
    cancellation.abort();
    await call;
    await until(() => addresses.length === 1);
    expect(addresses).toEqual(["192.0.2.1"]);
  });

  test("tells the address of a call whose deadline passes", async () => {
    const { server, addresses } = await start({ trustedProxies }, createWaitingService().service, [overdueSoon]);
    await using _stop = server;
    const metadata = { "x-forwarded-for": "192.0.2.1" };
    await expect(server.client.ping({}, { metadata })).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    await until(() => addresses.length === 1);
    expect(addresses).toEqual(["192.0.2.1"]);
  });

  test("tells the address of a call whose connection breaks", async () => {
    const { service, began } = createWaitingService();
    const { server, addresses } = await start({ trustedProxies }, service);
    await using _stop = server;
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const client = createClient(PingServiceDefinition, channel);
    const metadata = { "x-forwarded-for": "192.0.2.1" };
    const call = expect(client.collect(silence(), { metadata })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await began;
    proxy.cut();
    await call;
    await until(() => addresses.length === 1);
    expect(addresses).toEqual(["192.0.2.1"]);
  });

  test("takes a peer for the client of which it cannot make anything", () => {
    const values = new CallValues();
    expect(clientAddressOf({ peer: "somewhere", values })).toBe("somewhere");
  });
});
