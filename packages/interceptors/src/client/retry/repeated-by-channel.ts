import type { Method, MethodConfig, ServiceConfig } from "@rollcall/rpc";

/** Whether a channel with this configuration itself repeats calls of the method while the server is unavailable. */
export function isRepeatedByChannel(method: Method, serviceConfig: ServiceConfig | undefined): boolean {
  const config = serviceConfig?.methodConfig.find(({ name }) => name.some((entry) => names(entry, method)));
  return (
    config?.retryPolicy?.retryableStatusCodes.includes("UNAVAILABLE") === true ||
    config?.hedgingPolicy?.nonFatalStatusCodes.includes("UNAVAILABLE") === true
  );
}

function names(entry: MethodConfig["name"][number], { service, name }: Method): boolean {
  return entry.service === service && entry.method === name;
}
