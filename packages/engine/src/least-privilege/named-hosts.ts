/** A host that a text names, with what stands around the name. */
export interface NamedHost {
  host: string;
  port: number | undefined;
  /** `http` of `http://shop`; undefined without one. */
  scheme: string | undefined;
  /** It is written as hosts are: after a scheme, or with a port, or it is all that the text says. */
  plain: boolean;
}

/** Longest text that is searched for host names. */
const MOST_TEXT = 262_144;
const HOST =
  /(?:([a-z][a-z0-9+.-]{0,30}):\/\/(?:[^\s/@"']{0,200}@)?)?\b([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::([0-9]{1,5})(?![0-9.a-z]))?/gi;
const INJECTED = /\$[({]?([A-Z][A-Z0-9_]{0,120})_SERVICE_HOST\b/g;

/** Ports that a scheme stands for where none is written. */
const SCHEME_PORTS: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['ws', 80],
  ['https', 443],
  ['wss', 443],
  ['redis', 6379],
  ['rediss', 6379],
  ['postgres', 5432],
  ['postgresql', 5432],
  ['mysql', 3306],
  ['mongodb', 27017],
  ['mongodb+srv', 27017],
  ['amqp', 5672],
  ['amqps', 5671],
  ['nats', 4222],
  ['ldap', 389],
  ['ldaps', 636],
]);

/** Hosts that texts name, each spelling once. Texts of unlimited length are searched to a limit. */
export function namedHosts(text: string): NamedHost[] {
  const searched = text.slice(0, MOST_TEXT);
  const whole = searched.trim();
  const found = new Map<string, NamedHost>();
  const add = (named: NamedHost): void => {
    found.set(`${named.scheme ?? ''} ${named.host} ${named.port ?? ''} ${named.plain}`, named);
  };
  for (const [all, scheme, host, port] of searched.matchAll(HOST)) {
    const number = port === undefined ? undefined : Number(port);
    if (number !== undefined && (number === 0 || number > 65_535)) continue;
    add({
      host: host!.toLowerCase(),
      port: number ?? SCHEME_PORTS.get(scheme?.toLowerCase() ?? ''),
      scheme: scheme?.toLowerCase(),
      plain: scheme !== undefined || number !== undefined || all === whole,
    });
  }
  for (const [, name] of searched.matchAll(INJECTED))
    add({ host: name!.toLowerCase().replaceAll('_', '-'), port: undefined, scheme: undefined, plain: true });
  return [...found.values()];
}

/** `namespace/name` of the Service that a host means to a pod of `own`; undefined where it is no name of a cluster. */
export function serviceOfHost(host: string, own: string): string | undefined {
  const [name, namespace = own, ...suffix] = host.replace(/\.$/, '').split('.');
  const known = suffix.length === 0 || ['svc', 'svc.cluster.local'].includes(suffix.join('.'));
  return known ? `${namespace}/${name}` : undefined;
}
