/** A probability as people say it. */
export function formatShare(probability: number): string {
  if (probability >= 0.995) return 'always';
  return probability < 0.005 ? 'below 1 %' : `${Math.round(probability * 100)} %`;
}
