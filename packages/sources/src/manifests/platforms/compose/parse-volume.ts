/** A volume of the short form of Compose and of `docker run --volume`. */
export interface ShortVolume {
  /** Path of the host or name of a volume; undefined for a volume without a name. */
  source?: string;
  target: string;
  readOnly: boolean;
}

/** Reads `[SOURCE:]TARGET[:MODE]`, with drive letters of Windows; undefined for what is none. */
export function parseVolume(text: string): ShortVolume | undefined {
  if (text.length > 8192) return undefined;
  const parts = joinDrives(text.split(':'));
  const [first, second, mode = ''] = parts;
  if (first === undefined || first === '' || parts.length > 3) return undefined;
  if (second === undefined) return { target: first, readOnly: false };
  if (parts.length === 2 && /^(?:ro|rw|z|Z)(?:,|$)/.test(second)) {
    return { target: first, readOnly: second.split(',').includes('ro') };
  }
  return { source: first, target: second, readOnly: mode.split(',').includes('ro') };
}

/* `C:\data` was split at its colon. */
function joinDrives(parts: string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const drive = /^[A-Za-z]$/.test(parts[at]!) && /^[\\/]/.test(parts[at + 1] ?? '');
    joined.push(drive ? `${parts[at]}:${parts[at + 1]}` : parts[at]!);
    if (drive) at += 1;
  }
  return joined;
}

/** Whether a source is a path of the host and no name of a volume. */
export function isHostPath(source: string): boolean {
  return /^(?:[./~]|[A-Za-z]:[\\/]|\\\\)/.test(source);
}
