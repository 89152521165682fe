import type { DeclaredError } from "./declared-errors.js";
import type { Mistake } from "../policy/policy-mistakes.js";

// The forms that google.rpc.ErrorInfo allows.
const reasonPattern = /^[A-Z][A-Z0-9_]{0,61}[A-Z0-9]$/;
const keyPattern = /^[a-z][a-zA-Z0-9_-]{1,63}$/;

/** Lists what is wrong with a reason. */
export function findErrorMistakes(error: DeclaredError): readonly Mistake[] {
  return [
    ...reasonMistakes(error),
    ...codeMistakes(error),
    ...error.metadataKeys.flatMap((key, index) => keyMistakes(key, error.metadataKeys.indexOf(key) !== index)),
    ...messageMistakes(error),
  ];
}

function reasonMistakes({ reason }: DeclaredError): readonly Mistake[] {
  const problem = `the reason ${JSON.stringify(reason)} is not of the form that google.rpc.ErrorInfo asks for`;
  const instead = "write 2 to 63 capital letters, digits and underscores, beginning with a letter";
  return reasonPattern.test(reason) ? [] : [{ problem, instead }];
}

function codeMistakes({ code }: DeclaredError): readonly Mistake[] {
  const missing = code === "" || code === "STATUS_CODE_UNSPECIFIED";
  const instead = "write code: STATUS_CODE_INVALID_ARGUMENT, or another of rollcall.policy.v1.StatusCode";
  return missing ? [{ problem: "the error has no code", instead }] : [];
}

function keyMistakes(key: string, repeated: boolean): readonly Mistake[] {
  if (repeated) {
    return [{ problem: `metadata key ${JSON.stringify(key)} is given twice`, instead: "remove one" }];
  }
  const instead = "write 2 to 64 letters, digits, - and _, beginning with a lower-case letter";
  return keyPattern.test(key)
    ? []
    : [
        {
          problem: `metadata key ${JSON.stringify(key)} is not of the form that google.rpc.ErrorInfo asks for`,
          instead,
        },
      ];
}

function messageMistakes({ message, metadataKeys }: DeclaredError): readonly Mistake[] {
  if (message === "") {
    return [{ problem: "the error has no message", instead: "write a sentence for people, without a full stop" }];
  }
  if (/[{}]/.test(message.replace(/\{[^{}]*\}/g, ""))) {
    return [{ problem: `message ${JSON.stringify(message)} has a brace without its other`, instead: "write {key}" }];
  }
  const keys = [...message.matchAll(/\{([^{}]*)\}/g)].map(([, key = ""]) => key);
  return keys
    .filter((key) => !metadataKeys.includes(key))
    .map((key) => ({
      problem: `message speaks of {${key}}, which is no metadata key`,
      instead: keyAdvice(metadataKeys),
    }));
}

function keyAdvice(metadataKeys: readonly string[]): string {
  const known = metadataKeys.map((key) => `{${key}}`).join(" or ");
  return `add it to metadata_keys${known === "" ? "" : `, or write ${known}`}`;
}
