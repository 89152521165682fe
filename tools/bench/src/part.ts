/** How much is measured. */
export interface PartOptions {
  /** Less of everything: figures to look at, not to pin. */
  readonly quick: boolean;
  /** Where servers leave their CPU profiles. Undefined: none are taken. */
  readonly profileFolder: string | undefined;
}

/** What was measured, for people and for programs. */
export interface PartResult {
  readonly title: string;
  readonly markdown: string;
  readonly data: object;
}

/** One of the things that the bench measures. */
export type Part = (options: PartOptions) => Promise<PartResult>;
