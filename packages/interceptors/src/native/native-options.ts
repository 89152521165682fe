import type { ServiceDefinition } from "@rollcall/rpc";

/** What the adapters of both sides may be told. */
export interface NativeOptions {
  /**
   * The generic definitions of services, as ts-proto generates them and the program's stubs. Interceptors that need the
   * types or the sizes of messages, or to know whether calls may be repeated, can serve only the methods of these. None by
   * default.
   */
  readonly services?: readonly ServiceDefinition[] | undefined;
}
