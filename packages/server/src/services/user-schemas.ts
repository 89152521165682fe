import { ChatMessageKind, UserStatus } from "@rollcall/contracts/user/v1/user";
import { z } from "zod";
import { isCommonPassword } from "../common-passwords.js";

const maxIds = 500;
const maxRoles = 32;
const maxMetadata = 64;

/** Text of which nothing was lost on the way: U+FFFD stands for bytes that were not UTF-8, and databases end text at NUL. */
function text(min: number, max: number) {
  return z.string().superRefine((value, context) => {
    const problem = textProblem(value, min, max);
    if (problem !== undefined) {
      context.addIssue({ code: "custom", message: problem });
    }
  });
}

function textProblem(value: string, min: number, max: number): string | undefined {
  if (value.includes("\0") || value.includes("\uFFFD")) {
    return "must be valid UTF-8 without NUL";
  }
  // A string has at most as many characters as UTF-16 units, so most need no counting.
  const length = value.length > max || value.length <= 2 * min ? Array.from(value).length : value.length;
  if (length < min) {
    return min === 1 ? "must not be empty" : `must have at least ${String(min)} characters, not ${String(length)}`;
  }
  return length > max ? `must have at most ${String(max)} characters, not ${String(length)}` : undefined;
}

const id = text(1, 64);
const etag = text(0, 64);
const requestId = text(0, 64);
const name = z.string().trim().pipe(text(1, 200));
const email = text(1, 254).pipe(z.string().regex(z.regexes.html5Email, "must be a valid e-mail address"));
const phone = z.string().regex(/^\+[1-9][0-9]{6,14}$/, "must be in E.164 form, such as +41446681800");
const role = text(1, 64);
const roles = z.array(role).max(maxRoles, `must have at most ${String(maxRoles)} roles`);
const metadataKey = text(1, 64);
// Counted before anything else is looked at: a request has room for half a million entries.
const metadata = z
  .custom<Readonly<Record<string, string>>>(hasFewEntries, `must have at most ${String(maxMetadata)} entries`)
  .pipe(z.record(metadataKey, text(0, 512)));
const password = text(0, 128).superRefine((value, context) => {
  const problem = passwordProblem(value);
  if (problem !== undefined) {
    context.addIssue({ code: "custom", message: problem });
  }
});

function hasFewEntries(entries: unknown): boolean {
  return typeof entries === "object" && entries !== null && Object.keys(entries).length <= maxMetadata;
}

function passwordProblem(value: string): string | undefined {
  if (value === "") {
    return undefined;
  }
  if (Array.from(value).length < 8) {
    return "must be empty or have at least 8 characters";
  }
  return isCommonPassword(value) ? "is one of the most used passwords; choose another" : undefined;
}

export const getUserSchema = z.object({ id });

export const batchGetUsersSchema = z.object({
  ids: z.array(id).max(maxIds, `must have at most ${String(maxIds)} ids`),
});

export const createUserSchema = z.object({
  name,
  email,
  password,
  phone: phone.optional(),
  roles,
  metadata,
  requestId,
});

export const updateUserSchema = z
  .object({
    id,
    name: name.optional(),
    email: email.optional(),
    phone: z.union([z.literal(""), phone], "must be empty or in E.164 form, such as +41446681800").optional(),
    setMetadata: metadata,
    removeMetadata: z.array(metadataKey).max(maxMetadata, `must have at most ${String(maxMetadata)} keys`),
    etag,
    requestId,
  })
  .superRefine(({ setMetadata, removeMetadata }, context) => {
    for (const [index, key] of removeMetadata.entries()) {
      if (Object.hasOwn(setMetadata, key)) {
        context.addIssue({ code: "custom", path: ["removeMetadata", index], message: "is also in set_metadata" });
      }
    }
  });

export const deleteUserSchema = z.object({ id, etag, requestId });

const knownStatus = z.enum(UserStatus, "must be a known status");

export const setUserStatusSchema = z.object({
  id,
  status: knownStatus.refine((status) => status !== UserStatus.USER_STATUS_UNSPECIFIED, "must be specified"),
  reason: text(0, 512),
  etag,
});

export const setUserRolesSchema = z.object({ id, roles, etag });

export const listUsersSchema = z
  .object({
    page: z.int32().min(0, "must not be negative"),
    pageSize: z.int32().min(0, "must not be negative"),
    statusFilter: knownStatus,
    afterId: text(0, 64),
  })
  .superRefine(({ page, pageSize, afterId }, context) => {
    if (page > 1 && pageSize === 0) {
      context.addIssue({ code: "custom", path: ["page"], message: "above 1 needs a page_size" });
    }
    if (page !== 0 && afterId !== "") {
      context.addIssue({ code: "custom", path: ["page"], message: "must not come together with after_id" });
    }
  });

// A room of two is longer than others may be, since ids are.
const roomPattern = /^(?:[a-z0-9][a-z0-9._:-]{0,63}|dm:[a-z0-9._-]{1,64}:[a-z0-9._-]{1,64})?$/;

/** A text message of a chat. What kind a message is, and whether its room may be entered, the chat looks at itself. */
export const chatMessageSchema = z.object({
  userId: text(0, 64),
  content: text(1, 4096),
  room: z.string().regex(roomPattern, "must be 1 to 64 of a-z, 0-9 and ._:-, and begin with a letter or digit"),
  messageId: text(0, 64),
  kind: z.literal(ChatMessageKind.CHAT_MESSAGE_KIND_UNSPECIFIED),
});
