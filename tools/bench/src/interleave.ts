/**
 * Measures each variant in each round, all of them in turn. Every other round runs backwards, so that a machine that slows
 * down slows everybody down.
 *
 * @returns the results of each variant, in the order of the rounds.
 */
export async function interleave<V extends { readonly name: string }, R>(
  variants: readonly V[],
  rounds: number,
  measure: (variant: V) => Promise<R>,
): Promise<readonly { readonly name: string; readonly rounds: readonly R[] }[]> {
  const results = new Map<V, R[]>(variants.map((variant) => [variant, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const variant of round % 2 === 1 ? variants : variants.toReversed()) {
      results.get(variant)?.push(await measure(variant));
    }
  }
  return variants.map((variant) => ({ name: variant.name, rounds: results.get(variant) ?? [] }));
}
