/**
 * The upper bounds, in seconds, by which the durations of calls are sorted.
 *
 * @see https://github.com/grpc/proposal/blob/master/A66-otel-stats.md#units
 */
export const latencyBucketsS: readonly number[] = [
  0, 0.00001, 0.00005, 0.0001, 0.0003, 0.0006, 0.0008, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.013,
  0.016, 0.02, 0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 2, 5, 10,
  20, 50, 100,
];

/** The upper bounds, in bytes, by which the messages of calls are sorted. */
export const sizeBucketsBytes: readonly number[] = [
  0, 1_024, 2_048, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864, 268_435_456,
  1_073_741_824, 4_294_967_296,
];

/** The upper bounds by which the numbers of repeats of calls are sorted; gRPC makes no more than five attempts. */
export const retryBuckets: readonly number[] = [0, 1, 2, 3, 4, 5];

/**
 * Accepts upper bounds that ascend.
 *
 * @throws TypeError for any others, and for none.
 */
export function checkBuckets(bounds: readonly number[]): readonly number[] {
  const ascend = bounds.every((bound, index) => Number.isFinite(bound) && bound > (bounds[index - 1] ?? -Infinity));
  if (bounds.length === 0 || !ascend) {
    throw new TypeError(`latencyBucketsS is [${bounds.join(", ")}]; it takes numbers of seconds that ascend`);
  }
  return bounds;
}
