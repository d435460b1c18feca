const LONGEST = 1024;

/** Main attributes that tell who an archive is. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'Automatic-Module-Name',
  'Bundle-License',
  'Bundle-Name',
  'Bundle-SymbolicName',
  'Bundle-Version',
  'Extension-Name',
  'Group-Id',
  'Implementation-Title',
  'Implementation-Vendor',
  'Implementation-Vendor-Id',
  'Implementation-Version',
  'Plugin-Version',
  'Short-Name',
  'Specification-Title',
  'Specification-Version',
]);

/** The main section of a manifest (JAR File Specification): a line that begins with a space goes on the one before. */
export function parseManifest(text: string): Record<string, string> {
  const found: [string, string][] = [];
  let name = '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '' && found.length > 0) break;
    const last = found.at(-1);
    if (line.startsWith(' ')) {
      if (last !== undefined && last[0] === name && last[1].length < LONGEST) last[1] += line.slice(1);
      continue;
    }
    const colon = line.indexOf(':');
    name = line.slice(0, Math.max(0, colon));
    if (ATTRIBUTES.has(name)) found.push([name, line.slice(colon + 1).trim()]);
    else name = '';
  }
  return Object.fromEntries(found.map(([key, value]) => [key, value.slice(0, LONGEST).trim()]));
}

/** Keys and values of a properties file (java.util.Properties), as far as Maven writes them. */
export function parseProperties(text: string): { groupId?: string; artifactId?: string; version?: string } {
  const found: { groupId?: string; artifactId?: string; version?: string } = {};
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^\s*(groupId|artifactId|version)\s*[=:](.*)$/.exec(line);
    const value = match?.[2]?.trim().replace(/\\([:=\\ ])/g, '$1') ?? '';
    if (value !== '' && value.length <= LONGEST) found[match![1] as 'groupId'] = value;
  }
  return found;
}
