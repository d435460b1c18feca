/** `ID` of os-release for the names in `/etc/redhat-release`, the most particular first. */
const NAMES: [name: RegExp, id: string][] = [
  [/^AlmaLinux/, 'almalinux'],
  [/^Rocky Linux/, 'rocky'],
  [/^Scientific Linux/, 'scientific'],
  [/^CentOS/i, 'centos'],
  [/^Oracle Linux/, 'ol'],
  [/^Red Hat/, 'rhel'],
  [/^Fedora/, 'fedora'],
  [/^Amazon Linux/, 'amzn'],
  [/^VMware Photon|^Photon/, 'photon'],
  [/^CBL-Mariner/, 'mariner'],
  [/^openEuler/, 'openeuler'],
  [/^Mageia/, 'mageia'],
];

/** Reads `Red Hat Enterprise Linux release 8.10 (Ootpa)`, as images older than os-release have it. */
export function parseReleaseLine(line: string): { id: string; versionId: string; name: string } | undefined {
  const release = /\brelease (\d{1,4}(?:\.\d{1,6}){0,3})/.exec(line.slice(0, 256));
  const known = NAMES.find(([name]) => name.test(line));
  if (release === null || known === undefined) return undefined;
  return { id: known[1], versionId: release[1]!, name: line.trim() };
}
