import type { BinaryWriter } from "@bufbuild/protobuf/wire";

/** How a message is written to bytes, read from them, and completed from some of its fields. As ts-proto generates it. */
export interface MessageType<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: Uint8Array): T;
  fromPartial(init: MessageInit<T>): T;
}

/** The type of some message. Its functions accept only what they themselves made. */
export interface AnyMessageType {
  encode(message: never, writer?: BinaryWriter): BinaryWriter;
  decode(input: Uint8Array): unknown;
  fromPartial(init: never): unknown;
}

/** The message that a message type stands for. */
export type MessageOf<T extends AnyMessageType> = ReturnType<T["decode"]>;

type Scalar = string | number | bigint | boolean | Uint8Array | Date | undefined;

/**
 * A message of which only the fields that differ from their default are given, at every depth. Fields that the message
 * does not have are refused.
 */
export type MessageInit<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? readonly MessageInit<Item>[]
    : T extends { readonly $case: infer Case; readonly value: infer Value }
      ? { readonly $case: Case; readonly value: MessageInit<Value> }
      : string extends keyof T
        ? { readonly [Key in keyof T]: MessageInit<T[Key]> }
        : T extends ReadonlyMap<infer Key, infer Value>
          ? ReadonlyMap<Key, MessageInit<Value>>
          : { readonly [Field in keyof T]?: MessageInit<T[Field]> | undefined };
