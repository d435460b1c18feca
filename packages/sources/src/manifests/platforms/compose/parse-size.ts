const UNITS: Record<string, number> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const MEBI = 1024 ** 2;

/** `300M`, `1.5gb`, `65536` as a Kubernetes quantity: Docker counts in powers of 1024. Undefined for what is no size. */
export function parseSize(text: string): string | undefined {
  const found = /^(\d{1,15}(?:\.\d{1,6})?)\s*([bkmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (found === null) return undefined;
  const bytes = Math.floor(Number(found[1]) * UNITS[found[2]!.toLowerCase()]!);
  return bytes > 0 && bytes % MEBI === 0 ? `${bytes / MEBI}Mi` : String(bytes);
}
