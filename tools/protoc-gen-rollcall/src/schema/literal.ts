import { isReflectList, isReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/** The value of a rule as an expression of TypeScript. */
export function literal(value: unknown): string {
  if (isReflectList(value)) {
    return `[${Array.from(value, literal).join(", ")}]`;
  }
  if (isReflectMessage(value)) {
    return timeLiteral(value);
  }
  if (value instanceof Uint8Array) {
    return `Uint8Array.of(${value.join(", ")})`;
  }
  if (typeof value === "number") {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  return typeof value === "bigint" ? `${String(value)}n` : JSON.stringify(value);
}

function timeLiteral(value: ReflectMessage): string {
  const { seconds, nanos } = timeOf(value);
  return value.desc.typeName === "google.protobuf.Timestamp"
    ? `new Date(${JSON.stringify(new Date(Number(seconds) * 1_000 + nanos / 1_000_000).toISOString())})`
    : `{ seconds: ${String(seconds)}n, nanos: ${nanos} }`;
}

/** The two fields of a Timestamp or a Duration. */
export function timeOf(value: ReflectMessage): { readonly seconds: bigint; readonly nanos: number } {
  const [seconds, nanos] = ["seconds", "nanos"].map((name) => {
    const field = value.fields.find((candidate) => candidate.name === name);
    return field === undefined ? undefined : value.get(field);
  });
  return { seconds: typeof seconds === "bigint" ? seconds : 0n, nanos: Number(nanos) };
}
