/** A port of the short form of Compose and of `docker run --publish`. */
export interface ShortPort {
  /** Ends of the range of ports of the container. */
  target: [number, number];
  /** A number or a range of the host; undefined where the runtime chooses. */
  published?: string;
  hostIP?: string;
  protocol: string;
}

const MAX_LENGTH = 256;

/** Reads `[[IP:]PUBLISHED:]TARGET[/PROTOCOL]`, with ranges; undefined for what is none. */
export function parsePort(text: string): ShortPort | undefined {
  const given = text.trim();
  if (given.length > MAX_LENGTH) return undefined;
  const slash = given.lastIndexOf('/');
  const protocol = slash === -1 ? 'TCP' : given.slice(slash + 1).toUpperCase();
  const parts = (slash === -1 ? given : given.slice(0, slash)).split(':');
  const target = parsePortRange(parts.pop()!);
  if (target === undefined || !/^[A-Z]+$/.test(protocol)) return undefined;
  const published = parts.pop();
  const hostIP = parts.join(':').replace(/^\[|\]$/g, '');
  return { target, protocol, ...(published && { published }), ...(hostIP !== '' && { hostIP }) };
}

/** `8080` or `8080-8090`. */
export function parsePortRange(text: string): [number, number] | undefined {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (found === null) return undefined;
  const first = Number(found[1]);
  const last = Number(found[2] ?? found[1]);
  return first <= last && last <= 65_535 ? [first, last] : undefined;
}
