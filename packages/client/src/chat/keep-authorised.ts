import type { ChatMessage } from "@rollcall/contracts/user/v1/user";
import { ChatMessageKind } from "@rollcall/contracts/user/v1/user";
import type { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import type { Client, MessageInit } from "@rollcall/rpc";
import { Metadata } from "@rollcall/rpc";
import type { AccessTokenSource } from "../sign-in/access-token-source.js";
import { type Clock, realClock } from "./clock.js";
import { MessageInserter } from "./message-inserter.js";
import { renewToken } from "./renew-token.js";

type Chat = Client<UserServiceDefinition>["chat"];
type Requests = Parameters<Chat>[0];
type Request = MessageInit<ChatMessage>;

/**
 * The same method, whose streams outlive the access token that they began with: before it runs out, the server is sent the
 * next one in a message of its own.
 *
 * @param tokensOf - Where the caller's tokens come from; undefined where calls are made without any.
 */
export function keepAuthorised(chat: Chat, tokensOf: () => AccessTokenSource | undefined, clock = realClock): Chat {
  return (requests, options) => {
    const isOurs = options?.metadata === undefined || !Metadata.from(options.metadata).has("authorization");
    const tokens = isOurs ? tokensOf() : undefined;
    return chat(tokens === undefined ? requests : withRenewals(requests, tokens, clock), options);
  };
}

function withRenewals(requests: Requests, tokens: AccessTokenSource, clock: Clock): AsyncIterable<Request> {
  return {
    [Symbol.asyncIterator]() {
      const ended = new AbortController();
      const renew = async () => {
        try {
          await renewToken({ tokens, clock, signal: ended.signal, send });
        } catch (error) {
          messages.fail(error); // when the stream has ended, nobody hears of it
        }
      };
      const messages = new MessageInserter<Request>(requests, {
        begun: () => void renew(),
        ended: () => {
          ended.abort();
        },
      });
      const send = (accessToken: string) => {
        messages.insert({ kind: ChatMessageKind.CHAT_MESSAGE_KIND_RENEW, accessToken });
      };
      return messages;
    },
  };
}
