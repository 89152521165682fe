import type { Span } from "@opentelemetry/api";
import type { MessageType } from "@rollcall/rpc";

type Direction = "Inbound message" | "Outbound message";

/** Notes in a span that messages travel, and how large they are; never what they say. */
export class MessageEvents {
  /** Where messages are noted from now on. */
  #span: Span;
  readonly #max: number;
  readonly #counts: Record<Direction, number> = { "Inbound message": 0, "Outbound message": 0 };

  /**
   * @param max - How many messages are noted in each direction: a span is no place for all messages of a long stream.
   */
  constructor(span: Span, max: number) {
    this.#span = span;
    this.#max = max;
  }

  /** Notes further messages in another span, counting from 0 again. */
  moveTo(span: Span): void {
    this.#span = span;
    this.#counts["Inbound message"] = 0;
    this.#counts["Outbound message"] = 0;
  }

  note(direction: Direction, type: MessageType<unknown>, message: unknown): void {
    const sequenceNumber = this.#counts[direction]++;
    if (sequenceNumber < this.#max) {
      this.#span.addEvent(direction, { "sequence-number": sequenceNumber, ...sizeOf(type, message) });
    }
  }
}

/** gRPC encodes a message after its hooks have run and keeps the size to itself, so here it is encoded once more. */
function sizeOf(type: MessageType<unknown>, message: unknown): { readonly "message-size"?: number } {
  try {
    return { "message-size": type.encode(message).finish().byteLength };
  } catch {
    return {}; // the call ends with an error that says so, when gRPC gets to it
  }
}
