const byDefault = 100;
const most = 1_000;

/** How many a page holds, where the client asks for `pageSize`: none is the default, and too many are the most there are. */
export function effectivePageSize(pageSize: number): number {
  return pageSize === 0 ? byDefault : Math.min(pageSize, most);
}
