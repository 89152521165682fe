import { createWaitingService as createService, type WaitingService } from "./server/waiting-service.fixture.js";

export { overdueSoon } from "./overdue-soon.fixture.js";

/** The same service, whose beginning is called an arrival. */
export function createWaitingService(): WaitingService & { readonly arrival: Promise<void> } {
  const waiting = createService();
  return { ...waiting, arrival: waiting.began };
}
