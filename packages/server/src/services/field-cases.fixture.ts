import type { CreateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import type { MessageInit } from "@rollcall/rpc";
import { freshEmail } from "./draft-user.fixture.js";

/** A request, and the fields that it is refused for; none where it is taken. */
export type Case<Request> = readonly [name: string, request: MessageInit<Request>, ...fields: readonly string[]];

export const emoji = (count: number) => "😀".repeat(count);
export const letters = (count: number) => "x".repeat(count);
export const huge = letters(10_000);
export const anybody = "01890000-0000-7000-8000-000000000000";

export const notes = (count: number, key = "key", value = "value") =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`${key}${String(number).padStart(4, "0")}`, value]));

/** A valid e-mail of so many characters, which nobody has. */
const longEmail = (length: number) => {
  const domain = `${letters(63)}.${letters(63)}.${letters(63)}.example`;
  return `${freshEmail()
    .replaceAll("@", ".")
    .padEnd(length - domain.length - 1, "a")}@${domain}`;
};

export const wrongTexts = [
  ["NUL", "Ada\0Lovelace"],
  ["U+FFFD", "Ada\uFFFDLovelace"],
] as const;

export const wrongIds: readonly Case<{ id: string }>[] = [
  ["no id", { id: "" }, "id"],
  ["an id of 65 characters", { id: letters(65) }, "id"],
  ["an id of 65 emoji", { id: emoji(65) }, "id"],
  ["an id of 10,000 characters", { id: huge }, "id"],
  ...wrongTexts.map(([name, id]) => [`an id with ${name}`, { id }, "id"] as const),
];

export const wrongEtags: readonly Case<{ etag: string }>[] = [
  ["an etag of 65 characters", { etag: letters(65) }, "etag"],
  ["an etag of 10,000 characters", { etag: huge }, "etag"],
  ...wrongTexts.map(([name, etag]) => [`an etag with ${name}`, { etag }, "etag"] as const),
];

export const wrongRequestIds: readonly Case<{ requestId: string }>[] = [
  ["a request id of 65 characters", { requestId: letters(65) }, "request_id"],
  ["a request id of 10,000 characters", { requestId: huge }, "request_id"],
  ...wrongTexts.map(([name, requestId]) => [`a request id with ${name}`, { requestId }, "request_id"] as const),
];

export const names: readonly Case<{ name: string }>[] = [
  ["a name of one character", { name: "x" }],
  ["a name of 200 characters", { name: letters(200) }],
  ["a name of 200 emoji", { name: emoji(200) }],
  ["a name of 200 characters with space around it", { name: `  ${letters(200)}\n` }],
  ["an empty name", { name: "" }, "name"],
  ["a name of white space", { name: " \t\n\u00A0\u3000" }, "name"],
  ["a name of 201 characters", { name: letters(201) }, "name"],
  ["a name of 201 emoji", { name: emoji(201) }, "name"],
  ["a name of 10,000 characters", { name: huge }, "name"],
  ...wrongTexts.map(([wrong, name]) => [`a name with ${wrong}`, { name }, "name"] as const),
];

const wrongEmails = [
  "",
  " ",
  "ada",
  "ada@",
  "@example.com",
  "ada@@example.com",
  "ada@example..com",
  "ada@-example.com",
  "ada@example.com.",
  " ada@example.com",
  "ada@example.com\n",
  "ada lovelace@example.com",
  "Ada <ada@example.com>",
  "ada@example.com,grace@example.com",
  "adä@example.com",
  "ada@exämple.com",
  "ada\0@example.com",
  "ada\uFFFD@example.com",
  `ada@${letters(64)}.com`,
  longEmail(255),
  `${huge}@example.com`,
];

export const emails: readonly Case<{ email: string }>[] = [
  ["an e-mail of 254 characters", { email: longEmail(254) }],
  ["an e-mail with a tag", { email: `x+tag_1.2-3'${freshEmail()}` }],
  ...wrongEmails.map((email) => [`the e-mail ${JSON.stringify(email).slice(0, 40)}`, { email }, "email"] as const),
];

const wrongPhones = [
  "1",
  "+",
  "0041446681800",
  "+041446681800",
  "+123456",
  "+1234567890123456",
  "+41 44 668 18 00",
  "+41446681800\n",
  "+٤١٤٤٦٦٨١٨٠٠",
  "+4144668\0",
  `+${"1".repeat(10_000)}`,
];

export const phones: readonly Case<{ phone: string | undefined }>[] = [
  ["no phone", {}],
  ["a phone of 7 digits", { phone: "+1234567" }],
  ["a phone of 15 digits", { phone: "+123456789012345" }],
  ...wrongPhones.map((phone) => [`the phone ${JSON.stringify(phone).slice(0, 40)}`, { phone }, "phone"] as const),
];

export const roles: readonly Case<{ roles: string[] }>[] = [
  ["32 roles of 64 emoji", { roles: Array.from({ length: 32 }, () => emoji(64)) }],
  ["33 roles", { roles: Array.from({ length: 33 }, () => "reader") }, "roles"],
  ["20,000 roles", { roles: Array.from({ length: 20_000 }, () => "a") }, "roles"],
  ["an empty role", { roles: ["admin", ""] }, "roles[1]"],
  ["roles of 65 characters", { roles: [letters(65), "admin", emoji(65)] }, "roles[0]", "roles[2]"],
  ["a role of 10,000 characters", { roles: [huge] }, "roles[0]"],
  ...wrongTexts.map(([name, role]) => [`a role with ${name}`, { roles: [role] }, "roles[0]"] as const),
];

export const metadata: readonly Case<{ metadata: Record<string, string> }>[] = [
  ["64 entries of 64 and 512 emoji", { metadata: notes(64, emoji(60), emoji(512)) }],
  ["an empty value", { metadata: { empty: "" } }],
  ["65 entries", { metadata: notes(65) }, "metadata"],
  ["20,000 entries", { metadata: notes(20_000) }, "metadata"],
  ["an empty key", { metadata: { "": "value" } }, 'metadata[""]'],
  ["a key of 65 characters", { metadata: { [letters(65)]: "value" } }, `metadata["${letters(64)}…"]`],
  ["a key of 10,000 characters", { metadata: { [huge]: "value" } }, `metadata["${letters(64)}…"]`],
  ["a value of 513 characters", { metadata: { ok: "", k: letters(513) } }, 'metadata["k"]'],
  ["a value of 513 emoji", { metadata: { k: emoji(513) } }, 'metadata["k"]'],
  ["a value of 10,000 characters under a number", { metadata: { "17": huge } }, 'metadata["17"]'],
  ["a key of capitals and quotes", { metadata: { 'Ab"\n': "\0" } }, 'metadata["Ab\\"\\n"]'],
  ["a value with NUL", { metadata: { k: "a\0b" } }, 'metadata["k"]'],
  ["a key with NUL", { metadata: { "a\0b": "v" } }, 'metadata["a\\u0000b"]'],
  ["a key with U+FFFD", { metadata: { "a\uFFFDb": "v" } }, 'metadata["a\uFFFDb"]'],
];

export const passwords: readonly Case<CreateUserRequest>[] = [
  ["no password", { password: "" }],
  ["a password of 8 emoji", { password: emoji(8) }],
  ["a password of 128 emoji", { password: emoji(128) }],
  ["a password of 7 characters", { password: "k4#pQz!" }, "password"],
  ["a password of 7 emoji", { password: emoji(7) }, "password"],
  ["a password of 129 characters", { password: letters(129) }, "password"],
  ["a password of 10,000 characters", { password: huge }, "password"],
  ["one of the most used passwords", { password: "password1" }, "password"],
  ...wrongTexts.map(([name, password]) => [`a password with ${name}`, { password }, "password"] as const),
];
