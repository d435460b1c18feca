/** The distribution of a package, in the words of the records: `rhel`, `9.4`, channel `eus`. */
export interface CaseDistribution {
  id: string;
  version: string;
  channel: string;
  /** Whose records hold for it too: rebuilds of RHEL. */
  family: string;
}

const IDS: Record<string, string> = {
  redhat: 'rhel',
  centos: 'rhel',
  rockylinux: 'rocky',
  oraclelinux: 'ol',
  amazonlinux: 'amzn',
  archlinux: 'arch',
  raspbian: 'debian',
  oracle: 'ol',
  amazon: 'amzn',
  'rocky linux': 'rocky',
  'red hat': 'rhel',
  'azure linux': 'azurelinux',
  'photon os': 'photon',
  'bellsoft hardened containers': 'bellsoft-hardened-containers',
  bellsofthardenedcontainers: 'bellsoft-hardened-containers',
};
const REBUILDS = new Set(['almalinux', 'rocky']);

/** Reads `{ type, version }` of a package, or the namespace of a record: `rhel:9.4+eus`. */
export function distributionOf(type: string, release: string): CaseDistribution {
  const id = Object.hasOwn(IDS, type) ? IDS[type]! : type;
  const [version = '', channel = ''] = release.split('+');
  return { id, version, channel, family: REBUILDS.has(id) ? 'rhel' : id };
}

/** Whether records under a namespace hold for a distribution: its release or the major one, its channel or none. */
export function holdsFor(namespace: CaseDistribution, distribution: CaseDistribution): boolean {
  if (namespace.id !== distribution.id && namespace.id !== distribution.family) return false;
  if (namespace.channel !== '' && namespace.channel !== distribution.channel) return false;
  const { version } = namespace;
  return (
    version === '' ||
    version === 'rolling' ||
    version === distribution.version ||
    distribution.version.startsWith(`${version}.`)
  );
}
