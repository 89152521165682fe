import { methodOf, type ServiceDefinition } from "../method.js";

/** Something for each method of a service, or for some of them, by the names that its definition has for them. */
export type MethodTable<S extends ServiceDefinition> = { readonly [Name in keyof S["methods"]]?: unknown };

/** What a table holds for a method. */
type EntryOf<Table> = Exclude<Table[keyof Table], undefined>;

/**
 * What a table says of the methods of a service, by the path of the method, such as `/user.v1.UserService/GetUser`:
 * interceptors look up what it says of the method that they are made for.
 */
export function byPath<S extends ServiceDefinition, Table extends MethodTable<S>>(
  service: S,
  table: Table,
): ReadonlyMap<string, EntryOf<Table>> {
  // The table has nothing but such entries; which method each belongs to does not matter any more.
  const byName = table as Readonly<Record<string, EntryOf<Table> | undefined>>;
  return new Map(
    Object.entries(service.methods).flatMap(([name, definition]) => {
      const entry = byName[name];
      return entry === undefined ? [] : [[methodOf(service, definition).path, entry] as const];
    }),
  );
}
