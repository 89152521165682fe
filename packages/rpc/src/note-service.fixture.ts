import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { MessageType } from "./message.js";

/** A message for tests: a text, and bytes to make it as large as wanted. */
export interface Note {
  text: string;
  padding: Uint8Array;
}

export const Note: MessageType<Note> = {
  encode({ text, padding }, writer = new BinaryWriter()) {
    if (text !== "") {
      writer.uint32(10).string(text);
    }
    if (padding.length > 0) {
      writer.uint32(18).bytes(padding);
    }
    return writer;
  },

  decode(input) {
    const reader = new BinaryReader(input);
    const note: Note = { text: "", padding: new Uint8Array() };
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) {
        note.text = reader.string();
      } else if (field === 2) {
        note.padding = reader.bytes();
      } else {
        reader.skip(wireType);
      }
    }
    return note;
  },

  fromPartial: ({ text = "", padding = new Uint8Array() }) => ({ text, padding }),
};

export type NoteServiceDefinition = typeof NoteServiceDefinition;
/** A service with a method of each kind, in the form of ts-proto's generic definitions. */
export const NoteServiceDefinition = {
  name: "NoteService",
  fullName: "test.v1.NoteService",
  methods: {
    say: {
      name: "Say",
      requestType: Note,
      requestStream: false,
      responseType: Note,
      responseStream: false,
      options: { idempotencyLevel: "NO_SIDE_EFFECTS" },
    },
    list: {
      name: "List",
      requestType: Note,
      requestStream: false,
      responseType: Note,
      responseStream: true,
      options: {},
    },
    collect: {
      name: "Collect",
      requestType: Note,
      requestStream: true,
      responseType: Note,
      responseStream: false,
      options: {},
    },
    chat: {
      name: "Chat",
      requestType: Note,
      requestStream: true,
      responseType: Note,
      responseStream: true,
      options: {},
    },
  },
} as const;

/** A note with that text. */
export function note(text: string, paddingBytes = 0): Note {
  return { text, padding: new Uint8Array(paddingBytes) };
}
