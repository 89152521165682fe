import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { Status } from "@rollcall/rpc";
import { databaseNames } from "../storage/test-store.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { registration, signIn, toSignedIn } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";
import { emailTaken } from "./status.fixture.js";

describe.each(databaseNames)("Register on %s", (name) => {
  const given = givenAuthService(name);

  test("makes an account without any roles, and signs in", async () => {
    const request = registration({ name: "  Ada Lovelace\n", phone: "+41446681800" });
    const { user, tokens } = await given.auth.register(request);
    const { id = "", email = "" } = user ?? {};
    expect(user).toMatchObject({
      name: "Ada Lovelace",
      email: request.email,
      phone: "+41446681800",
      roles: [],
      status: UserStatus.USER_STATUS_ACTIVE,
    });
    const { token } = toSignedIn(tokens);
    await expect(given.users.getUser({ id }, as({ token }))).resolves.toEqual({ user });
    await expect(given.users.batchGetUsers({ ids: [id] }, as({ token }))).rejects.toMatchObject({
      code: Status.PERMISSION_DENIED,
    });
    await expect(signIn(given, { id, email })).resolves.toBeDefined();
    await expect(given.store.audit.page({ subject: id, limit: 9 })).resolves.toMatchObject([
      { method: "/user.v1.AuthService/Login" },
      { method: "/user.v1.AuthService/Register", actor: id, status: "OK" },
    ]);
  });

  test("makes one account of an e-mail, in whatever case and however many ask at once", async () => {
    const request = registration();
    const email = request.email ?? "";
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        given.auth.register({ ...request, email: index % 2 === 0 ? email : email.toUpperCase() }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(given.auth.register(request)).rejects.toMatchObject(emailTaken(email));
    const events = await given.store.audit.page({ method: "/user.v1.AuthService/Register", limit: 10 });
    expect(events.slice(0, 10)).toContainEqual(
      expect.objectContaining({ status: "ALREADY_EXISTS", reason: "EMAIL_TAKEN" }),
    );
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});

describe("Register on a server that lets nobody register", () => {
  const given = givenAuthService("SQLite", { registration: "closed" });

  test("makes no account", async () => {
    const request = registration();
    await expect(given.auth.register(request)).rejects.toMatchObject({
      code: Status.FAILED_PRECONDITION,
      reason: "REGISTRATION_CLOSED",
    });
    await expect(given.store.users.hasAny()).resolves.toBe(false);
  });
});
