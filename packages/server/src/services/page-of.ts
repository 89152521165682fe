import { createPageToken } from "./page-token.js";

/** A page of a list, and how to get the next. */
export interface Page<Item> {
  readonly items: Item[];
  /** Empty when there is none. */
  readonly nextPageToken: string;
}

/**
 * The page that begins with what was found.
 *
 * @param found - One more than the page holds, where there are so many: that one tells that there is a next page.
 * @param query - What the token fits, see {@link createPageToken}.
 */
export function pageOf<Item extends { readonly id: string }>(
  found: readonly Item[],
  limit: number,
  query: readonly string[],
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasNext = last !== undefined && found.length > limit;
  return { items, nextPageToken: hasNext ? createPageToken(query, last.id) : "" };
}
