/** Who packages for Debian and Ubuntu beside them, by the domain of the maintainer's address. */
const PACKAGERS = new Map([
  ['docker.com', 'Docker'],
  ['elastic.co', 'Elastic'],
  ['f5.com', 'nginx'],
  ['nginx.com', 'nginx'],
  ['gitlab.com', 'GitLab'],
  ['google.com', 'Google'],
  ['grafana.com', 'Grafana'],
  ['hashicorp.com', 'HashiCorp'],
  ['influxdb.com', 'InfluxData'],
  ['mariadb.org', 'MariaDB'],
  ['microsoft.com', 'Microsoft'],
  ['mongodb.com', 'MongoDB'],
  ['nodesource.com', 'NodeSource'],
  ['nvidia.com', 'NVIDIA'],
  ['oracle.com', 'Oracle'],
  ['rabbitmq.com', 'RabbitMQ'],
  ['redis.com', 'Redis'],
  ['redis.io', 'Redis'],
]);

/** Marks that packagers leave in versions: `16.1-1.pgdg120+1`, `20.9.0-1nodesource1`, `8.2.13+deb.sury.org~jammy+1`. */
const MARKS: [mark: RegExp, packager: string][] = [
  [/\bpgdg\d/, 'PostgreSQL Global Development Group'],
  [/nodesource/, 'NodeSource'],
  [/deb\.sury\.org/, 'deb.sury.org'],
  [/ppa\d/, 'a personal package archive'],
];

/** Maintainers of Debian itself who have an address of their employer: their packages are in its archive. */
const OWN_TEAMS = /debian|ubuntu|canonical/i;

/**
 * Who built a package, where that was not the distribution: by its `Origin`, the mark in its version or the address of
 * its maintainer. Undefined where nothing tells that it is somebody else's.
 */
export function thirdPartyOf(fields: ReadonlyMap<string, string>): string | undefined {
  const origin = fields.get('origin')?.slice(0, 256);
  if (origin !== undefined && origin !== '' && !OWN_TEAMS.test(origin)) return origin;
  const version = fields.get('version') ?? '';
  const marked = MARKS.find(([mark]) => mark.test(version))?.[1];
  if (marked !== undefined) return marked;
  const maintainer = fields.get('maintainer') ?? '';
  const domain = /@([a-z0-9.-]{1,253})>?$/i.exec(maintainer.slice(-512))?.[1]?.toLowerCase();
  if (domain === undefined || OWN_TEAMS.test(maintainer)) return undefined;
  return PACKAGERS.get(domain.split('.').slice(-2).join('.'));
}
