import type { Container } from '@breakwater/model';
import { imageReference } from '../../inventory/index.ts';

/** A service that lets callers in without a flaw. */
export interface OpenService {
  /** Follows "is": "a Redis without a password". */
  words: string;
  /** The last part of the image's name. */
  image: RegExp;
  /** Ports of which one must be declared or led to; none: every port. */
  ports: readonly number[];
  certainty: 'open' | 'guessable';
}

const open = (words: string, image: RegExp, ...ports: number[]): OpenService => ({
  words,
  image,
  ports,
  certainty: 'open',
});
const guessable = (words: string, image: RegExp, ...ports: number[]): OpenService => ({
  words,
  image,
  ports,
  certainty: 'guessable',
});

/** Services that ask for no password as installed, or whose default password is known; one a line. */
export const openServices: readonly OpenService[] = [
  open('an image registry without authentication', /(^|[-_])registry$/, 5000),
  open('a Docker daemon on an open port', /^(docker|dind|.*[-_]dind)$/, 2375),
  open('a Redis without a password', /^(redis|redis-stack|keydb|valkey|dragonfly)([-_].*)?$/, 6379),
  open('a MongoDB without a password', /^(mongo|mongodb)$/, 27017),
  open('a memcached, which knows no passwords', /^memcached$/, 11211),
  open('an etcd without client certificates', /^etcd$/, 2379),
  open('a CouchDB with open administration', /^couchdb$/, 5984),
  open('a Zookeeper without authentication', /^zookeeper$/, 2181),
  open('a Consul whose API runs commands', /^consul$/, 8500),
  open('a Spark master that runs any job', /^spark([-_].*)?$/, 7077, 8080),
  open('a Flink dashboard that runs any job', /^flink([-_].*)?$/, 8081),
  open('a Selenium that opens any page', /^(selenium|standalone-chrome|standalone-firefox|hub)$/, 4444),
  open('a Tiller, which installs any chart', /^tiller$/, 44134),
  open('a Weave Scope, which opens shells', /^scope$/, 4040),
  open('a web terminal', /^(gotty|ttyd|wetty|shellinabox|webssh2?)$/),
  guessable('a Kubernetes dashboard', /^(kubernetes-)?dashboard([-_](amd64|web|api))?$/),
  guessable('a Jenkins', /^jenkins$/, 8080),
  guessable('a Jupyter notebook', /^(jupyter.*|.*-notebook)$/, 8888),
  guessable('an Airflow', /^airflow$/, 8080),
  guessable('an Elasticsearch', /^elasticsearch$/, 9200),
  guessable('a RabbitMQ with its default user', /^rabbitmq$/, 5672, 15672),
  guessable('a MinIO with its default user', /^minio$/, 9000),
  guessable('an ActiveMQ with its default user', /^activemq([-_].*)?$/, 8161, 61616),
  guessable('a Grafana with its default user', /^grafana$/, 3000),
  guessable('a Portainer', /^portainer([-_].*)?$/, 9000),
  guessable('a database front end', /^(phpmyadmin|adminer|mongo-express|pgadmin4?)$/),
  guessable('a MySQL with a weak password', /^(mysql|mariadb)$/, 3306),
  guessable('a PostgreSQL with a weak password', /^(postgres|postgresql)$/, 5432),
];

const portServices: ReadonlyMap<number, string> = new Map([
  [2375, 'a Docker daemon on an open port, by its number'],
  [6379, 'a Redis, by its port'],
  [27017, 'a MongoDB, by its port'],
  [11211, 'a memcached, by its port'],
  [2379, 'an etcd, by its port'],
  [10250, 'a kubelet, by its port'],
]);

/** What a container is, by its image's name and ports; by the port alone it is no more than a guess. */
export function openServiceOf(
  container: Container,
  ports: readonly number[],
): Pick<OpenService, 'words' | 'certainty'> | undefined {
  const name = imageName(container.image);
  const named = openServices.find(
    (service) =>
      service.image.test(name) &&
      (service.ports.length === 0 || ports.length === 0 || service.ports.some((port) => ports.includes(port))),
  );
  if (container.asksPassword) return undefined;
  if (named !== undefined) return named;
  const port = ports.find((each) => portServices.has(each));
  return port === undefined ? undefined : { words: portServices.get(port)!, certainty: 'guessable' };
}

function imageName(reference: string): string {
  return imageReference(reference)?.repository.split('/').at(-1) ?? '';
}
