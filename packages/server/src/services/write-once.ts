import { type IdempotentRequest, idempotentRequestOf } from "@rollcall/interceptors/server/idempotency";
import type { MessageType, ServerCall } from "@rollcall/rpc";
import { type About, commit } from "../audit/commit.js";
import type { Store, Unit } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import { requestIdReused } from "./errors.js";

type Work<Answer> = (unit: Unit) => Promise<Answer>;
type AnswerType<Answer> = Pick<MessageType<Answer>, "encode" | "decode">;

/** What is kept of the work. */
export interface WriteOnceOptions<Answer> {
  readonly answerType: AnswerType<Answer>;
  /** Whom the call is about, for the audit log. */
  readonly about: About<Answer>;
}

/**
 * Does the work of a call in one unit of work with its row in the audit log, and with the request's id and its answer where it has an id: `idempotency` gives
 * a repeat this answer. Of equal requests to several processes at once, all get the answer of the one that was first.
 *
 * @param prepare - Does what takes long, and gives back the work itself.
 * @throws StatusError `INVALID_ARGUMENT` `REQUEST_ID_REUSED` if the id came with another request meanwhile.
 */
export async function writeOnce<Answer>(
  store: Store,
  call: ServerCall,
  { answerType, about }: WriteOnceOptions<Answer>,
  prepare: () => Work<Answer> | Promise<Work<Answer>>,
): Promise<Answer> {
  const work = await prepare();
  const request = idempotentRequestOf(call);
  if (request === undefined) {
    return commit(store, call, about, work);
  }
  try {
    return await commit(store, call, about, (unit) => workAndRemember(unit, request, answerType, work));
  } catch (error) {
    if (error instanceof StoreError && error.kind === "requestIdTaken") {
      return firstAnswer(store, request, answerType);
    }
    throw error;
  }
}

async function workAndRemember<Answer>(
  unit: Unit,
  { key, fingerprint }: IdempotentRequest,
  answerType: AnswerType<Answer>,
  work: Work<Answer>,
): Promise<Answer> {
  await unit.answers.claim(key, fingerprint);
  const answer = await work(unit);
  await unit.answers.remember(key, answerType.encode(answer).finish());
  return answer;
}

/** The answer of the request that was first, which is there by the time that its id turns out to be taken. */
async function firstAnswer<Answer>(
  store: Store,
  { key, fingerprint }: IdempotentRequest,
  answerType: AnswerType<Answer>,
): Promise<Answer> {
  const first = await store.answers.find(key);
  if (first?.fingerprint !== fingerprint) {
    throw requestIdReused(key.requestId);
  }
  return answerType.decode(first.answer);
}
