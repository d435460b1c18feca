/** 95 %, one-sided: as much of a normal distribution lies below. */
const Z = 1.6448536269514722;
const CONFIDENCE = 0.95;
/** Above, Wilson and Hilferty's approximation is closer than a thousandth. */
const EXACT = 200;
const known = new Map<number, number>();

/**
 * Upper 95 % bound of a Poisson rate of which `count` were seen: half the 95 % quantile of the chi-square distribution
 * with 2 (count + 1) degrees of freedom (Garwood, 1936). 2.996 for none.
 */
export function poissonUpper95(count: number): number {
  if (count > EXACT) return wilsonHilferty(count + 1);
  const before = known.get(count);
  if (before !== undefined) return before;
  let [low, high] = [count, wilsonHilferty(count + 1) + 5];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    // The bound is where as few or fewer would be seen in 5 of 100 cases.
    if (atMost(count, middle) > 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  known.set(count, high);
  return high;
}

/** How probable it is that `count` or fewer are seen where `rate` are to be expected. */
function atMost(count: number, rate: number): number {
  let [term, sum] = [1, 1];
  for (let index = 1; index <= count; index++) {
    term *= rate / index;
    sum += term;
  }
  return sum * Math.exp(-rate);
}

/** Half the quantile of the chi-square distribution with twice as many degrees of freedom. */
const wilsonHilferty = (degrees: number): number => degrees * (1 - 1 / (9 * degrees) + Z / Math.sqrt(9 * degrees)) ** 3;
