/**
 * Exact limits of a rate of Poisson, between which it lies with 95 %: of `count` that were seen. The same as by the
 * quantiles of the chi-squared distribution (Garwood, 1936).
 */
export function poissonInterval(count: number): { low: number; high: number } {
  const high = solve((mean) => cumulative(count, mean), 0.025, count);
  const low = count === 0 ? 0 : solve((mean) => cumulative(count - 1, mean), 0.975, count);
  return { low, high };
}

/** Exact limits of a share with 95 %, of `hits` in `tries` (Clopper and Pearson, 1934). */
export function shareInterval(hits: number, tries: number): { low: number; high: number } {
  if (tries === 0) return { low: 0, high: 1 };
  const low = hits === 0 ? 0 : bisect((share) => 1 - binomial(hits - 1, tries, share) - 0.025, 0, 1);
  const high = hits === tries ? 1 : bisect((share) => 0.025 - binomial(hits, tries, share), 0, 1);
  return { low, high };
}

/** Probability of at most `count` where so many are expected. By logarithms: few in many are too small for numbers. */
function cumulative(count: number, mean: number): number {
  if (mean === 0) return 1;
  let [term, sum] = [-mean, 0];
  for (let at = 0; at <= count; at++) {
    sum += Math.exp(term);
    term += Math.log(mean / (at + 1));
  }
  return Math.min(1, sum);
}

function binomial(count: number, tries: number, share: number): number {
  let [term, sum] = [tries * Math.log1p(-share), 0];
  for (let at = 0; at <= count; at++) {
    sum += Math.exp(term);
    term += Math.log(((tries - at) / (at + 1)) * (share / (1 - share)));
  }
  return Math.min(1, sum);
}

/** The mean at which a probability that falls with it has this value. */
const solve = (probability: (mean: number) => number, value: number, near: number): number =>
  bisect((mean) => value - probability(mean), 0, 2 * near + 20);

/** Where a function that grows crosses zero. */
function bisect(grows: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (grows(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
