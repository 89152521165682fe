import type { MessageType } from "@rollcall/rpc";
import type { RequestKey, StoredAnswer } from "../storage/answers.js";
import type { Store, Unit } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import { requestIdReused } from "./errors.js";

/** A request that may come again under its `request_id`. */
export interface RepeatableRequest<Answer> extends RequestKey {
  /** Tells this request from others under the same id. */
  readonly fingerprint: string;
  readonly answerType: Pick<MessageType<Answer>, "encode" | "decode">;
}

type Work<Answer> = (unit: Unit) => Promise<Answer>;

/**
 * Does the work in one unit of work with the request's id and its answer. A request that came before gets its first
 * answer again, and nothing is done.
 *
 * @param prepare - Does what takes long, and gives back the work itself. Not called for a repeat.
 * @throws StatusError `INVALID_ARGUMENT` `REQUEST_ID_REUSED` if the id came with another request.
 */
export async function writeOnce<Answer>(
  store: Store,
  request: RepeatableRequest<Answer>,
  prepare: () => Work<Answer> | Promise<Work<Answer>>,
): Promise<Answer> {
  if (request.requestId === "") {
    return store.write(await prepare());
  }
  const first = await store.answers.find(request);
  if (first !== undefined) {
    return firstAnswer(request, first);
  }
  const work = await prepare();
  try {
    return await store.write((unit) => workAndRemember(unit, request, work));
  } catch (error) {
    const winner = isTaken(error) ? await store.answers.find(request) : undefined;
    if (winner === undefined) {
      throw error;
    }
    return firstAnswer(request, winner);
  }
}

async function workAndRemember<Answer>(
  unit: Unit,
  request: RepeatableRequest<Answer>,
  work: Work<Answer>,
): Promise<Answer> {
  await unit.answers.claim(request, request.fingerprint);
  const answer = await work(unit);
  await unit.answers.remember(request, request.answerType.encode(answer).finish());
  return answer;
}

function firstAnswer<Answer>(request: RepeatableRequest<Answer>, first: StoredAnswer): Answer {
  if (first.fingerprint !== request.fingerprint) {
    throw requestIdReused(request.requestId);
  }
  return request.answerType.decode(first.answer);
}

function isTaken(error: unknown): boolean {
  return error instanceof StoreError && error.kind === "requestIdTaken";
}
