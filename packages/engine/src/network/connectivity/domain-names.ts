/** The longest name that DNS has. */
const LONGEST = 253;
const PATTERN =
  /^(\*\.)?([a-zA-Z0-9]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9])?\.?$/;

/** Reads a name of hosts, `*.example.com` or `example.com`; undefined where it is none. */
export function parseDomainName(text: string): string | undefined {
  if (text.length > LONGEST || !PATTERN.test(text)) return undefined;
  return text.toLowerCase().replace(/\.$/, '');
}

/** Whether a name stands for all that another stands for: `*.example.com` for `a.example.com`, not for `example.com`. */
export function covers(name: string, other: string): boolean {
  return name === other || (name.startsWith('*.') && other.endsWith(name.slice(1)));
}
