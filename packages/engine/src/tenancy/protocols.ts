/** What a port speaks, as far as its name, its number or a declaration tells. */
export interface Speech {
  /** `http`, `redis`, `postgres`; empty where nothing tells. */
  protocol: string;
  /** Whether a reader on the way understands nothing of it; undefined where that cannot be told. */
  encrypted: boolean | undefined;
  /** Whether it holds data that is asked for by name: a database, a cache, a queue, a directory. */
  data: boolean;
}

interface Protocol {
  name: string;
  /** Parts of the names of ports, as Istio and people write them. */
  words: readonly string[];
  ports: readonly number[];
  encrypted: boolean | undefined;
  data?: true;
}

/**
 * Protocols by name and number. `encrypted: false` is said of what speaks plain as it is installed; of what the two ends
 * negotiate nothing is said.
 */
const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'https',
    words: ['https', 'tls', 'ssl', 'wss', 'webhook', 'grpcs', 'ldaps', 'amqps', 'mqtts'],
    ports: [443, 6443, 8443, 9443, 10250, 636, 993, 995, 465, 5671, 8883, 853, 6514],
    encrypted: true,
  },
  { name: 'ssh', words: ['ssh', 'sftp'], ports: [22, 2222], encrypted: true },
  { name: 'wireguard', words: ['wireguard', 'ipsec'], ports: [51820, 500, 4500], encrypted: true },
  {
    name: 'http',
    words: ['http', 'http2', 'web', 'www', 'ws', 'metrics', 'admin', 'api', 'ui'],
    ports: [80, 81, 3000, 4200, 5000, 5601, 8000, 8008, 8080, 8081, 8082, 8088, 8888, 9000, 9090, 9093, 9100, 15672],
    encrypted: false,
  },
  { name: 'grpc', words: ['grpc', 'h2c'], ports: [50051], encrypted: false },
  { name: 'redis', words: ['redis', 'valkey', 'keydb'], ports: [6379, 26379], encrypted: false, data: true },
  { name: 'memcached', words: ['memcached', 'memcache'], ports: [11211], encrypted: false, data: true },
  { name: 'postgres', words: ['postgres', 'postgresql', 'pgsql', 'pg'], ports: [5432], encrypted: false, data: true },
  { name: 'mysql', words: ['mysql', 'mariadb'], ports: [3306, 33060], encrypted: false, data: true },
  { name: 'mssql', words: ['mssql', 'sqlserver'], ports: [1433], encrypted: undefined, data: true },
  { name: 'oracle', words: ['oracle', 'tns'], ports: [1521], encrypted: undefined, data: true },
  { name: 'mongodb', words: ['mongo', 'mongodb'], ports: [27017, 27018, 27019], encrypted: false, data: true },
  { name: 'cassandra', words: ['cassandra', 'cql'], ports: [9042, 7000], encrypted: false, data: true },
  {
    name: 'elasticsearch',
    words: ['elasticsearch', 'opensearch', 'elastic'],
    ports: [9200, 9300],
    encrypted: undefined,
    data: true,
  },
  { name: 'etcd', words: ['etcd'], ports: [2379, 2380], encrypted: undefined, data: true },
  { name: 'zookeeper', words: ['zookeeper', 'zk'], ports: [2181], encrypted: false, data: true },
  { name: 'kafka', words: ['kafka'], ports: [9092], encrypted: false, data: true },
  { name: 'amqp', words: ['amqp', 'rabbitmq'], ports: [5672], encrypted: false, data: true },
  { name: 'nats', words: ['nats'], ports: [4222], encrypted: false, data: true },
  { name: 'mqtt', words: ['mqtt'], ports: [1883], encrypted: false, data: true },
  { name: 'couchdb', words: ['couchdb'], ports: [5984], encrypted: false, data: true },
  { name: 'influxdb', words: ['influxdb', 'influx'], ports: [8086], encrypted: false, data: true },
  { name: 'clickhouse', words: ['clickhouse'], ports: [8123], encrypted: false, data: true },
  { name: 'neo4j', words: ['neo4j', 'bolt'], ports: [7687, 7474], encrypted: undefined, data: true },
  { name: 'ldap', words: ['ldap'], ports: [389], encrypted: false, data: true },
  { name: 'nfs', words: ['nfs'], ports: [2049], encrypted: false, data: true },
  { name: 'smb', words: ['smb', 'cifs'], ports: [445, 139], encrypted: undefined, data: true },
  { name: 'ftp', words: ['ftp'], ports: [20, 21], encrypted: false, data: true },
  { name: 'telnet', words: ['telnet'], ports: [23], encrypted: false },
  { name: 'smtp', words: ['smtp'], ports: [25, 587], encrypted: undefined },
  { name: 'imap', words: ['imap', 'pop3'], ports: [143, 110], encrypted: undefined },
  { name: 'dns', words: ['dns'], ports: [53], encrypted: false },
  { name: 'syslog', words: ['syslog'], ports: [514], encrypted: false },
  { name: 'statsd', words: ['statsd'], ports: [8125], encrypted: false },
  { name: 'docker', words: ['docker'], ports: [2375], encrypted: false, data: true },
];

const BY_WORD = new Map(PROTOCOLS.flatMap((protocol) => protocol.words.map((word) => [word, protocol] as const)));
const BY_PORT = new Map(PROTOCOLS.flatMap((protocol) => protocol.ports.map((port) => [port, protocol] as const)));

/** Texts that tell what a port speaks, the one that counts most first: `appProtocol`, then names. */
export function speechOf(texts: readonly string[], port: number): Speech {
  for (const text of texts) {
    const found = byName(text);
    if (found !== undefined) return spell(found);
  }
  const found = BY_PORT.get(port);
  return found === undefined ? { protocol: '', encrypted: undefined, data: false } : spell(found);
}

/** The port at which a program listens as it is installed, by the last part of its image's name; of those that hold data. */
export function portOfImage(name: string): number | undefined {
  const found = BY_WORD.get(name);
  return found?.data === true ? found.ports[0] : undefined;
}

/** `https-web`, `kubernetes.io/h2c`, `tcp-postgresql`: whole words; one that means TLS decides over what is inside it. */
function byName(text: string): Protocol | undefined {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  const found = words.flatMap((word) => BY_WORD.get(word) ?? []);
  const secret = found.find(({ encrypted }) => encrypted === true);
  if (secret === undefined) return found[0];
  const inside = found.find(({ data }) => data === true);
  return inside === undefined ? secret : { ...inside, encrypted: true };
}

function spell({ name, encrypted, data }: Protocol): Speech {
  return { protocol: name, encrypted, data: data === true };
}
