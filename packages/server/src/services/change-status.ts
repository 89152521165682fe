import type { StatusError } from "@rollcall/rpc";
import { StoreError } from "../storage/store-error.js";
import { emailTaken, etagMismatch, userNotFound } from "./errors.js";

/** The fields of a request that the store may object to. */
export interface ChangeRequest {
  readonly id?: string;
  readonly etag?: string;
  readonly email?: string | undefined;
}

/** Awaits a change, and says in the request's own terms what the store objects to in it. */
export async function withChangeStatus<T>(request: ChangeRequest, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw error instanceof StoreError ? (statusOf(error, request) ?? error) : error;
  }
}

function statusOf({ kind }: StoreError, { id = "", etag = "", email = "" }: ChangeRequest): StatusError | undefined {
  switch (kind) {
    case "userNotFound":
      return userNotFound(id);
    case "versionMismatch":
      return etagMismatch(id, etag);
    case "emailTaken":
      return emailTaken(email, "email");
    default:
      return undefined;
  }
}
