const NUMBER = new Intl.NumberFormat('en');

/** `1 workload`, `1,243 workloads`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}
