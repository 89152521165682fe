import type { DescEnum, DescField, DescFile, DescMessage, DescOneof, DescService } from "@bufbuild/protobuf";

/** Names that ts-proto keeps for JavaScript, and gives the messages of these names a longer one. */
const builtInNames: readonly string[] = ["Date", "Function"];

/** The name of ts-proto's type for a message or an enum: `User`, or `Outer_Inner` for one inside another. */
export function typeNameOf(type: DescMessage | DescEnum): string {
  const name = nestedNameOf(type);
  return builtInNames.includes(name) ? `${name}Message` : name;
}

function nestedNameOf(type: DescMessage | DescEnum): string {
  const name = camelCase(type.name);
  return type.parent === undefined ? name : `${nestedNameOf(type.parent)}_${name}`;
}

/** The name of ts-proto's property for a field, or for a oneof of several fields. */
export function propertyNameOf(member: DescField | DescOneof): string {
  return camelCase(member.name);
}

/** A name for a constant that belongs to a type or service: `constantNameOf(user, "Schema")` is `userSchema`. */
export function constantNameOf(type: DescMessage | DescEnum | DescService, suffix: string): string {
  const name = type.kind === "service" ? type.name : typeNameOf(type);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${suffix}`;
}

/**
 * How one module of generated code imports another: `../../google/protobuf/duration.js`.
 *
 * @param suffix - What takes the place of `.proto`: empty for ts-proto's own module.
 */
export function importPathOf(from: DescFile, to: DescFile, suffix = ""): string {
  const origin = from.name.split("/").slice(0, -1);
  const target = to.name.split("/");
  let shared = 0;
  while (shared < origin.length && shared < target.length - 1 && origin[shared] === target[shared]) {
    shared += 1;
  }
  const up = origin.length - shared;
  const path = [...Array<string>(up).fill(".."), ...target.slice(shared)].join("/");
  return `${up === 0 ? "./" : ""}${path}${suffix}.js`;
}

/** The conversion of ts-proto, which differs from protobuf's own in names such as `a_1b`. */
function camelCase(name: string): string {
  if (!name.includes("_")) {
    return name;
  }
  const mixed = /[a-z]/.test(name);
  const words = name.split("_").map((word) => (mixed ? word : word.toLowerCase()));
  return words.map((word, index) => (index === 0 ? word : capitalized(word))).join("");
}

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
