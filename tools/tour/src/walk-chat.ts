import { deadlineIn, Status } from "@rollcall/client";
import { expectError } from "./expect-error.js";
import type { Tour } from "./tour.js";

const chatDeadlineMs = 400;

/** Says something, and hears it. */
export async function talk({ client: { users }, narrator, run }: Tour): Promise<void> {
  narrator.chapter("Say something in a room, and hear it", "Chat, bidirectional streaming");
  function* say() {
    yield { room: `tour-${run}`, content: "Good morning, everybody." };
    yield { content: "The engine weaves algebraic patterns." };
  }
  for await (const { sequence, userId, content, timestamp } of users.chat(say())) {
    narrator.tell(`#${sequence} ${timestamp?.toISOString() ?? ""} ${userId}: ${content}`);
  }
}

/** Waits for somebody who does not answer. */
export async function missDeadline({ client: { users }, narrator, run }: Tour): Promise<void> {
  narrator.chapter(`Wait for an answer that does not come, for at most ${chatDeadlineMs} ms`, "Chat, with a deadline");
  async function* sayNothingMore() {
    yield { room: `tour-${run}`, content: "Anybody?" };
    await new Promise(() => undefined);
  }
  async function listen() {
    for await (const { content } of users.chat(sayNothingMore(), { deadline: deadlineIn(chatDeadlineMs) })) {
      narrator.tell(`heard only the echo: ${content}`);
    }
  }
  await expectError(narrator, Status.DEADLINE_EXCEEDED, listen());
}
