import { collect } from "../waiting.fixture.js";
import type { NoteServer } from "./start-note-server.fixture.js";

export type MethodName = "say" | "list" | "collect" | "chat";

/** One method of each kind. */
export const methodNames: readonly MethodName[] = ["say", "list", "collect", "chat"];

/** Calls a method of any kind with the text "in", and answers with the texts of the responses. */
export async function callByName(
  { client }: Pick<NoteServer, "client">,
  name: MethodName,
  options = {},
): Promise<string[]> {
  const request = { text: "in" };
  const calls = {
    say: async () => [await client.say(request, options)],
    list: () => collect(client.list(request, options)),
    collect: async () => [await client.collect([request], options)],
    chat: () => collect(client.chat([request], options)),
  };
  return (await calls[name]()).map(({ text }) => text);
}
