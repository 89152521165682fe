import { describe, expect, test } from "@jest/globals";
import type { ListAuditEventsRequest } from "@rollcall/contracts/user/v1/auth_service";
import { type MessageInit, Status } from "@rollcall/rpc";
import { databaseNames } from "../storage/test-store.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { signIn, signInAs } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";

describe.each(databaseNames)("ListAuditEvents on %s", (name) => {
  const given = givenAuthService(name);

  async function givenEvents() {
    const admin = await signInAs(given, "admin");
    const ada = await signInAs(given);
    await signIn(given, ada);
    await given.auth.logout({}, as(ada));
    const list = (query: MessageInit<ListAuditEventsRequest>) => given.auth.listAuditEvents(query, as(admin));
    return { ada, list };
  }

  test("tells who did what, to whom, from where and how it ended, the newest first", async () => {
    const { ada, list } = await givenEvents();
    const { events } = await list({ subject: ada.id });
    expect(events.map(({ method }) => method.replace(/.*\//, ""))).toEqual(["Logout", "Login", "Login"]);
    expect(events[0]).toEqual({
      id: expect.any(String),
      time: new Date(given.now()),
      actor: ada.id,
      credential: "token",
      method: "/user.v1.AuthService/Logout",
      subject: ada.id,
      status: "OK",
      reason: "",
      requestId: expect.stringMatching(/./),
      peer: "127.0.0.1",
      detail: "",
    });
  });

  test("tells of some of them", async () => {
    const { ada, list } = await givenEvents();
    await expect(list({ actor: ada.id, method: "/user.v1.AuthService/Login" })).resolves.toMatchObject({
      events: [{ actor: ada.id }, { actor: ada.id }],
      nextPageToken: "",
    });
    await expect(list({ actor: "nobody" })).resolves.toEqual({ events: [], nextPageToken: "" });
  });

  test("goes on page by page with the same query, and with no other", async () => {
    const { ada, list } = await givenEvents();
    const first = await list({ subject: ada.id, pageSize: 2 });
    const second = await list({ subject: ada.id, pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.events, ...second.events]).toEqual((await list({ subject: ada.id })).events);
    expect(second.nextPageToken).toBe("");
    const refused = { code: Status.INVALID_ARGUMENT, reason: "PAGE_TOKEN_INVALID" };
    await expect(list({ actor: ada.id, pageToken: first.nextPageToken })).rejects.toMatchObject(refused);
    await expect(list({ subject: ada.id, pageToken: "AAAAAAAAAAAAAAAA" })).rejects.toMatchObject(refused);
  });

  test("is for administrators", async () => {
    const reader = await signInAs(given, "reader");
    await expect(given.auth.listAuditEvents({}, as(reader))).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
  });
});
