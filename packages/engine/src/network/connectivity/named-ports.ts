import type { NamedPort } from './connections.ts';
import { type Policy, rulesOf } from './policy.ts';

/** Every name that rules of some policies give a port, once by protocol. */
export function namedPorts(policies: readonly Policy[]): NamedPort[] {
  const names = new Map<string, NamedPort>();
  for (const policy of policies)
    for (const { ports } of [...rulesOf(policy, 'ingress'), ...rulesOf(policy, 'egress')])
      for (const port of ports ?? []) {
        if (!('name' in port)) continue;
        const protocol = port.protocol ?? 'TCP';
        names.set(`${protocol} ${port.name}`, { protocol, name: port.name });
      }
  return [...names.values()];
}
