/** Made when it is first needed: to load what knows how languages write numbers takes longer than many commands. */
let grouped: Intl.NumberFormat | undefined;

/** `1 workload`, `1,243 workloads`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${written(count)} ${count === 1 ? one : many}`;
}

function written(count: number): string {
  if (Number.isInteger(count) && count >= 0 && count < 1000) return String(count);
  grouped ??= new Intl.NumberFormat('en');
  return grouped.format(count);
}
