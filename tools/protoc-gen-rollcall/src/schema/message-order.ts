import type { DescFile, DescMessage } from "@bufbuild/protobuf";

/** All messages of a file, those within others too. Entries of maps are none. */
export function messagesOf(file: DescFile): readonly DescMessage[] {
  return file.messages.flatMap(withNested);
}

function withNested(message: DescMessage): readonly DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

/** The messages of a file in an order in which each follows those that it has fields of, as far as that is possible. */
export function inOrderOfUse(file: DescFile): readonly DescMessage[] {
  const done = new Set<DescMessage>();
  const open = new Set<DescMessage>();
  const visit = (message: DescMessage) => {
    if (message.file !== file || done.has(message) || open.has(message)) {
      return;
    }
    open.add(message);
    message.fields.flatMap((field) => field.message ?? []).forEach(visit);
    done.add(message);
  };
  messagesOf(file).forEach(visit);
  return [...done];
}
