import type { JsonObject, ManifestObject } from '@breakwater/model';
import { identityOf } from '../identity/index.ts';
import { workloadsOf } from '../inventory/index.ts';
import { objectOf } from '../network/estate.fixture.ts';
import { type LeastPrivilege, type LeastPrivilegeFacts, leastPrivilege } from './index.ts';

/** A Deployment of namespace `shop` that is labelled `app: NAME`, with a container that declares port 8080. */
export function deployment(
  name: string,
  container: JsonObject = {},
  pod: JsonObject = {},
  namespace = 'shop',
): ManifestObject {
  const labels = { app: name };
  const spec = {
    containers: [{ name: 'app', image: `registry.example/${name}:1`, ports: [{ containerPort: 8080 }], ...container }],
    ...pod,
  };
  const body = { spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
  return objectOf('Deployment', name, body, namespace, 'apps/v1');
}

/** A Service of namespace `shop` that leads to the Deployment of its name: port 80 to 8080. */
export function service(name: string, spec: JsonObject = {}, namespace = 'shop'): ManifestObject {
  const ports = [{ port: 80, targetPort: 8080 }];
  return objectOf('Service', name, { spec: { selector: { app: name }, ports, ...spec } }, namespace);
}

/** An environment of one variable. */
export function calls(value: string): JsonObject {
  return { env: [{ name: 'TARGET', value }] };
}

/** What is compiled for the only cluster of an estate. */
export function compiled(objects: readonly ManifestObject[], more: Partial<LeastPrivilegeFacts> = {}): LeastPrivilege {
  const { workloads } = workloadsOf(objects);
  const identity = identityOf(objects, workloads);
  const found = leastPrivilege({ objects, workloads, identity, excludedNamespaces: ['kube-system'], ...more });
  if (found.length !== 1) throw new Error(`${found.length} clusters`);
  return found[0]!;
}

/** `web -> cart TCP 8080` for every needed connection between workloads. */
export function spelled({ flows }: LeastPrivilege): string[] {
  const name = (id: string): string => id.split('/').at(-1)!;
  return flows.flatMap(({ flow: { from, to, ports } }) => {
    if (from.kind !== 'workload' || to.kind !== 'workload') return [];
    const on = ports.map((range) => ` ${range.protocol} ${range.from}`).join();
    return [`${name(from.id)} -> ${name(to.id)}${on}`];
  });
}
