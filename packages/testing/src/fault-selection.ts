import type { Method } from "@rollcall/rpc";

/** Which calls a fault strikes. */
export interface FaultSelection {
  /** Strikes only the methods for which this is true. Strikes all of them by default. */
  readonly only?: ((method: Method) => boolean) | undefined;
}

/** Whether a fault strikes the calls of a method. */
export function strikes({ only }: FaultSelection, method: Method): boolean {
  return only === undefined || only(method);
}
