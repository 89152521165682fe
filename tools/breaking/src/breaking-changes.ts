import { runCommand } from "@rollcall/tool-command";

/** A change of the protos that breaks a rule of `buf breaking`. */
export interface BreakingChange {
  /** The rule, such as `FIELD_NO_DELETE`; `COMPILE` for protos that do not compile. */
  readonly rule: string;
  /** The proto, relative to the root of the repository. Empty when it no longer exists. */
  readonly path: string;
  readonly message: string;
}

/** What is compared with what. */
export interface BreakingOptions {
  /** The folder that holds `buf.yaml` and the protos. */
  readonly root: string;
  /** The image of the contract as it was, as `buf build` writes it. */
  readonly against: string;
  /** The day that exceptions must last to. Defaults to today. */
  readonly now?: Date;
}

/** Lists what the protos change that a caller of the service would notice: the rules that `buf.yaml` names. */
export function findWireChanges(options: BreakingOptions): Promise<readonly BreakingChange[]> {
  return findBreakingChanges(options, []);
}

/** Lists what the protos change that code built on the generated types would notice: Buf's category `FILE`. */
export function findSourceChanges(options: BreakingOptions): Promise<readonly BreakingChange[]> {
  const config = { version: "v2", modules: [{ path: "proto" }], breaking: { use: ["FILE"] } };
  return findBreakingChanges(options, ["--config", JSON.stringify(config)]);
}

/** How `buf breaking` exits when it found something. Any other failure has not compared anything. */
const foundExitCode = 100;

async function findBreakingChanges({ root, against }: BreakingOptions, args: readonly string[]) {
  const command = ["breaking", "--against", against, "--error-format", "json", ...args];
  const { exitCode, output } = await runCommand("buf", command, { folder: root });
  if (exitCode !== 0 && exitCode !== foundExitCode) {
    throw new Error(`buf breaking failed:\n${output}`);
  }
  return output.split("\n").filter(Boolean).map(parseChange);
}

function parseChange(line: string): BreakingChange {
  // Buf's documented line format; a field it left out is shown as empty.
  const { type = "", path = "", message = "" } = JSON.parse(line) as Partial<Record<string, string>>;
  return { rule: type, path, message };
}
