import type { MessageLog } from "../storage/message-log.js";
import { type Listener, Room } from "./room.js";

/** How {@link Rooms} look for what other servers have stored. */
export interface RoomsOptions {
  /** How often each room looks for messages that other servers stored. Defaults to one second. */
  readonly pollMs?: number | undefined;
  /** Hears of a look that failed. The next one makes up for it. */
  readonly onPollError?: ((error: unknown) => void) | undefined;
}

/** A room that was entered. */
export interface EnteredRoom {
  /** The sequence after which the listener hears every message. */
  readonly enteredAt: bigint;
  readonly append: Room["append"];
  leave(): void;
}

/** The rooms that somebody on this server is in. */
export class Rooms {
  readonly #log: MessageLog;
  readonly #rooms = new Map<string, Room>();
  readonly #poll: NodeJS.Timeout;

  constructor(log: MessageLog, { pollMs = 1_000, onPollError = () => undefined }: RoomsOptions = {}) {
    this.#log = log;
    this.#poll = setInterval(() => {
      for (const room of this.#rooms.values()) {
        room.catchUp().catch(onPollError);
      }
    }, pollMs).unref();
  }

  /** Enters a room: the listener hears every message that is stored there from now on, until the room is left. */
  async enter(name: string, listener: Listener): Promise<EnteredRoom> {
    const room = this.#rooms.get(name) ?? new Room(name, this.#log);
    this.#rooms.set(name, room);
    const leave = () => {
      room.leave(listener);
      if (room.isEmpty && this.#rooms.get(name) === room) {
        this.#rooms.delete(name);
      }
    };
    try {
      return { enteredAt: await room.enter(listener), append: (draft) => room.append(draft), leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Looks for other servers' messages no more. */
  close(): void {
    clearInterval(this.#poll);
  }
}
