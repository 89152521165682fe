import { reasonTable } from "@rollcall/contracts/user/v1/error_reason.errors";

/** Who gives the reasons of errors: the domain of their `google.rpc.ErrorInfo`. */
export const errorDomain = reasonTable.domain;
