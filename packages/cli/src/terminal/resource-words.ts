import { dim } from './style.ts';

const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const HEAD = ['', 'median', 'p95', 'p99', 'highest'];

/** Quantiles of what was used, a resource a line below a head, as columns. */
export function resourceRows(
  resources: readonly { resource: string; median: number; p95: number; p99: number; highest: number }[],
): string[][] {
  if (resources.length === 0) return [];
  const rows = resources.map(({ resource, median, p95, p99, highest }) => [
    `  ${resource}`,
    ...[median, p95, p99, highest].map((value) => amountOf(resource, value)),
  ]);
  return [HEAD.map(dim), ...rows];
}

/** So much of a resource with its unit: `90 MiB`, `0.30 cores`, `12 KiB/s`, `7`. */
export function amountOf(resource: string, value: number): string {
  if (resource === 'cpu') return `${value >= 10 ? value.toFixed(0) : value.toPrecision(2)} cores`;
  if (resource === 'tasks') return value.toFixed(0);
  return `${bytes(value)}${resource === 'memory' ? '' : '/s'}`;
}

function bytes(value: number): string {
  const step = value < 1_024 ? 0 : Math.min(STEPS.length - 1, Math.floor(Math.log2(value) / 10));
  const amount = value / 1_024 ** step;
  return `${amount >= 10 || step === 0 ? amount.toFixed(0) : amount.toFixed(1)} ${STEPS[step]}`;
}
