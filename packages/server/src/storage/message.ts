/** A chat message to store. */
export interface MessageDraft {
  readonly userId: string;
  readonly content: string;
  /** Chosen by the sender: the same id twice in a room is one message. Without it, every draft is a message. */
  readonly messageId?: string | undefined;
}

/** A chat message that is stored. */
export interface StoredMessage {
  readonly room: string;
  /** 1 for the room's first message, then one more with each, without holes. */
  readonly sequence: bigint;
  readonly messageId: string | undefined;
  readonly userId: string;
  readonly content: string;
  /** The server's time when it was stored. */
  readonly createdAt: Date;
}

/** How far a room has come. */
export interface RoomHead {
  /** Chosen at random with the room's first message: another epoch means another history. */
  readonly epoch: string;
  /** The highest sequence stored. */
  readonly sequence: bigint;
}
