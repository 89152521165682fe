import type { ListAuditEventsRequest, ListAuditEventsResponse } from "@rollcall/contracts/user/v1/auth_service";
import type { Store } from "../storage/store.js";
import { effectivePageSize } from "./page-size.js";
import { pageOf } from "./page-of.js";
import { readPageToken } from "./page-token.js";

/** A page of the audit log, the newest first. */
export async function listAuditEvents(
  { pageSize, pageToken, actor, subject, method }: ListAuditEventsRequest,
  store: Pick<Store, "audit">,
): Promise<ListAuditEventsResponse> {
  const query = ["ListAuditEvents", actor, subject, method];
  const limit = effectivePageSize(pageSize);
  const beforeId = readPageToken(query, pageToken);
  const found = await store.audit.page({ actor, subject, method, beforeId, limit: limit + 1 });
  const { items: events, nextPageToken } = pageOf(found, limit, query);
  return { events, nextPageToken };
}
