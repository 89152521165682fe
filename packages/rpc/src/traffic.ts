/** How many messages of a call have travelled so far, and their bytes as they were encoded, without gRPC's own five. */
export interface Traffic {
  readonly requests: number;
  readonly requestBytes: number;
  readonly responses: number;
  readonly responseBytes: number;
}

/** Counts the messages of one call. */
export class TrafficCounter implements Traffic {
  requests = 0;
  requestBytes = 0;
  responses = 0;
  responseBytes = 0;

  countRequest(bytes: number): void {
    this.requests++;
    this.requestBytes += bytes;
  }

  countResponse(bytes: number): void {
    this.responses++;
    this.responseBytes += bytes;
  }
}
