import type { Container, ManifestObject, Workload } from '@breakwater/model';
import { imageReference } from '../../inventory/index.ts';
import { finderOf, servicesOf } from '../../network/index.ts';

/** Servers that ask who comes for a password, by the last part of the image's name. */
const servers =
  /^(postgres(ql)?|postgis|pgvector|timescaledb(-ha)?|cloudnative-pg|spilo.*|mysql(-server)?|mariadb|percona.*|mongo|mongodb([-_].*)?|redis([-_].*)?|valkey([-_].*)?|keydb|dragonfly|rabbitmq|minio|elasticsearch|opensearch|couchdb|couchbase|cassandra|scylla|neo4j|influxdb|clickhouse(-server)?|mssql([-_].*)?|sql-?server|cockroach|arangodb|activemq([-_].*)?|nats|keycloak|grafana|openldap)$/;

/** What a password is for by its name, and the servers for which that is. */
const families: readonly (readonly [name: RegExp, image: RegExp])[] = [
  [/mysql|maria/i, /mysql|mariadb|percona/],
  [/postgres|psql|(^|_)pg/i, /postg|pgvector|timescale|cloudnative|spilo|cockroach/],
  [/redis|valkey/i, /redis|valkey|keydb|dragonfly/],
  [/mongo/i, /mongo/],
  [/rabbit|amqp/i, /rabbit|activemq/],
  [/minio|s3/i, /minio/],
  [/elastic|opensearch/i, /elastic|opensearch/],
  [/ldap/i, /ldap/],
];

/** Whether a password may be one for a server, by its name: one of another kind of server is none. */
export function mayOpen(name: string, { image }: Container): boolean {
  const named = families.filter(([pattern]) => pattern.test(name));
  return named.length === 0 || named.some(([, servers]) => servers.test(image));
}

/** Kinds whose own name is a host: a service of Compose is reached by it. */
const named = /^(Compose|Swarm)Service$/;

/** The container of a workload that asks for a password, where its image is that of such a server. */
export function passwordServer({ containers }: Workload): Container | undefined {
  return containers.find(
    ({ role, image }) => role === 'main' && servers.test(imageReference(image)?.repository.split('/').at(-1) ?? ''),
  );
}

/** Workloads behind the names by which `Container.namedServices` names them, with their cluster: `c/shop/db`. */
export function workloadsByHost(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<string, Workload[]> {
  const hosts = new Map<string, Workload[]>();
  const add = (key: string, workload: Workload) => hosts.set(key, [...(hosts.get(key) ?? []), workload]);
  for (const workload of workloads)
    if (named.test(workload.kind)) add(`${workload.cluster}/${workload.namespace}/${workload.name}`, workload);
  for (const { cluster, namespace, name, workloads: behind = [] } of servicesOf(objects, finderOf(workloads)))
    for (const workload of behind) add(`${cluster}/${namespace}/${name}`, workload);
  return hosts;
}
