import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import type { ServerInterceptor } from "@rollcall/rpc";
import { StoreError } from "../storage/store-error.js";
import { storeUnavailable } from "./errors.js";

/**
 * Ends calls with a status that says what is wrong with the database, where that is what ended them. What a service
 * foresees, such as an e-mail that is taken, it answers itself; what is left here is the database's own state. A
 * defect stays an unexpected error.
 */
export const storeStatus: ServerInterceptor = () =>
  async function storeStatus(_call, next) {
    try {
      await next();
    } catch (error) {
      throw error instanceof StoreError ? (statusOf(error) ?? error) : error;
    }
  };

function statusOf(error: StoreError) {
  switch (error.kind) {
    case "unavailable":
    case "contention": // both pass by themselves, and nothing was stored that anybody was told of
      return storeUnavailable(error);
    case "full":
      return errors.storeFull({ cause: error });
    default:
      return undefined;
  }
}
