import type { CreateUserRequest } from "../gen/validation/create_user.js";

const email =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const phone = /^\+[1-9][0-9]{6,14}$/;

/** What the rules of CreateUserRequest demand, as somebody in a hurry would write it. */
export function checkByHand(request: CreateUserRequest): boolean {
  return (
    within(request.name, 1, 200) &&
    within(request.email, 1, 254) &&
    email.test(request.email) &&
    (request.password === "" || within(request.password, 8, 128)) &&
    (request.phone === undefined || phone.test(request.phone)) &&
    request.roles.length <= 32 &&
    request.roles.every((role) => within(role, 1, 64)) &&
    keepsMetadata(request.metadata) &&
    within(request.requestId, 0, 64)
  );
}

function keepsMetadata(metadata: CreateUserRequest["metadata"]): boolean {
  const entries = Object.entries(metadata);
  return entries.length <= 64 && entries.every(([key, value]) => within(key, 1, 64) && within(value, 0, 512));
}

function within(text: string, min: number, max: number): boolean {
  const { length } = Array.from(text);
  return length >= min && length <= max;
}
