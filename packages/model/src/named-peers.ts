/** Ports that go without saying with a scheme. */
const SCHEME_PORTS: Readonly<Record<string, number>> = Object.freeze({
  amqp: 5672,
  amqps: 5671,
  http: 80,
  https: 443,
  ldap: 389,
  ldaps: 636,
  mariadb: 3306,
  mongodb: 27017,
  mysql: 3306,
  nats: 4222,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  rediss: 6379,
  smtp: 25,
});

const LONGEST_TEXT = 4096;
const MOST_PEERS = 256;
const URL_TEXT = /([a-z][a-z0-9+.]{1,30}):\/\/([^\s"'<>/?#\\]{1,1024})/gi;
/** A host, or a service's DNS name, with a port. */
const HOST_PORT = /(?<![\w.:/@-])([a-z0-9_][a-z0-9_.-]{0,252}):(\d{1,5})(?![\w.:-])/gi;
const SERVICE_NAME =
  /(?<![\w.-])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,2}\.svc(?:\.cluster\.local)?(?![\w.:-])/gi;
const HOST = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/i;
const NAMES_A_HOST = /(?:^|_)(?:HOST|HOSTNAME|HOSTS|ADDR|ADDRESS|SERVER|SERVERS|ENDPOINT|BROKERS?|UPSTREAM)$/i;
const ANY_ADDRESS = /^(?:0\.0\.0\.0|\*)$/;
const NUMBER = /^\d+$/;
const LOWEST_PORT_OF_A_BARE_NAME = 20;

/** A variable of an environment. */
export interface NamedValue {
  name: string;
  value: string;
}

/**
 * Hosts that environment and arguments name: those of URLs, `host:port`, service names of a cluster, and the values of
 * variables whose name says that they hold one (`DB_HOST`, with the port of `DB_PORT`). `db.shop.svc:5432`, without a
 * port where none is named; each once, in the order in which they are named. Addresses that are listened on are none.
 */
export function namedPeers(environment: readonly NamedValue[], texts: readonly string[] = []): string[] {
  const found = new Set<string>();
  const add = (host: string, port: number | undefined): void => {
    const name = host.toLowerCase().replace(/\.$/, '');
    if (!HOST.test(name) || ANY_ADDRESS.test(name) || NUMBER.test(name) || found.size >= MOST_PEERS) return;
    found.add(port === undefined ? name : `${name}:${port}`);
  };
  const values = new Map(environment.map(({ name, value }) => [name, value]));
  for (const { name, value } of environment) {
    const before = found.size;
    addNamed(value, add);
    if (found.size > before || !NAMES_A_HOST.test(name) || value === '' || /[\s/]/.test(value)) continue;
    const port = portOf(values.get(name.replace(/(?:HOST|HOSTNAME|ADDR|ADDRESS|SERVER|ENDPOINT)$/i, 'PORT')));
    for (const host of value.split(',')) if (/[a-z]/i.test(host) || /^\d+(?:\.\d+){3}$/.test(host)) add(host, port);
  }
  for (const text of texts) addNamed(text, add);
  return [...found];
}

function addNamed(whole: string, add: (host: string, port: number | undefined) => void): void {
  const text = whole.slice(0, LONGEST_TEXT);
  const rest = text.replace(URL_TEXT, (_, scheme: string, authority: string) => {
    const hosts = authority.slice(authority.lastIndexOf('@') + 1);
    for (const host of hosts.split(',')) {
      const [, name = '', port] = /^([^:[\]]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
      const usual = Object.hasOwn(SCHEME_PORTS, scheme.toLowerCase()) ? SCHEME_PORTS[scheme.toLowerCase()] : undefined;
      add(name, portOf(port) ?? usual);
    }
    return ' ';
  });
  for (const [, host = '', digits] of rest.matchAll(HOST_PORT)) {
    const port = portOf(digits);
    const isHost = /[a-z]/i.test(host)
      ? host.includes('.') || (port ?? 0) >= LOWEST_PORT_OF_A_BARE_NAME
      : isAddress(host);
    if (isHost && port !== undefined) add(host, port);
  }
  for (const [name] of rest.matchAll(SERVICE_NAME)) add(name, undefined);
}

const isAddress = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);

function portOf(digits: string | undefined): number | undefined {
  if (digits === undefined || !/^\d{1,5}$/.test(digits)) return undefined;
  const port = Number(digits);
  return port > 0 && port <= 65_535 ? port : undefined;
}
