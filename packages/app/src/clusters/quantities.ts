const QUANTITY = /^([+-]?[0-9]+(?:\.[0-9]+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const DURATION = /^(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?$/;
const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Whether two texts are the same quantity (`1000m` and `1`) or the same duration (`60s` and `1m0s`): servers write their own form. */
export function sameQuantity(a: string, b: string): boolean {
  const [first, second] = [amountOf(a), amountOf(b)];
  if (first !== undefined && second !== undefined) return Math.abs(first - second) <= Math.abs(first) * 1e-12;
  const [long, short] = [secondsOf(a), secondsOf(b)];
  return long !== undefined && long === short;
}

function amountOf(text: string): number | undefined {
  const found = QUANTITY.exec(text);
  return found ? Number(found[1]) * (found[2] === undefined ? 1 : (FACTORS[found[2]] as number)) : undefined;
}

function secondsOf(text: string): number | undefined {
  const found = text === '' ? null : DURATION.exec(text);
  if (found === null) return undefined;
  const [, hours = 0, minutes = 0, seconds = 0] = found;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return Number.isFinite(total) ? total : undefined;
}
