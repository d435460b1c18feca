import type { JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf } from '../network/bits.ts';
import { deployment, manifest, namespace, tenancyOf } from './estate.fixture.ts';
import { guardsOf, reachOfTenants, TENANT_CHANNELS, tenantClasses, wayOf } from './index.ts';

/** Which tenants get at which, as texts. */
const pairs = (objects: ManifestObject[]): string[] => {
  const tenancy = tenancyOf(objects);
  const reach = reachOfTenants(tenancy);
  const name = (number: number): string => tenancy.tenants.list[number]!.name;
  return TENANT_CHANNELS.flatMap((channel) =>
    reach[channel].flatMap((sources, to) => membersOf(sources).map((from) => `${channel} ${name(from)} ${name(to)}`)),
  ).sort();
};

/** The same, put together again from classes. */
const fromClasses = (objects: ManifestObject[]): string[] => {
  const tenancy = tenancyOf(objects);
  const { classes, rows } = tenantClasses(reachOfTenants(tenancy));
  const name = (number: number): string => tenancy.tenants.list[number]!.name;
  return rows
    .flatMap(({ from, to, channels }) =>
      channels.flatMap((channel) =>
        classes[from]!.members.flatMap((source) =>
          classes[to]!.members.flatMap((target) =>
            source === target ? [] : [`${channel} ${name(source)} ${name(target)}`],
          ),
        ),
      ),
    )
    .sort();
};

const safe: JsonObject = {
  securityContext: { capabilities: { drop: ['ALL'] } },
  resources: { limits: { memory: '1Gi' } },
};
const deny = (where: string, spec: JsonObject = {}): ManifestObject =>
  manifest('NetworkPolicy', where, 'deny', { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ...spec } });

const estate = fc.array(
  fc.record({
    open: fc.boolean(),
    privileged: fc.boolean(),
    raw: fc.boolean(),
    bounded: fc.boolean(),
    tenant: fc.constantFrom('', 'acme'),
  }),
  { minLength: 1, maxLength: 6 },
);
const built = (
  shapes: readonly { open: boolean; privileged: boolean; raw: boolean; bounded: boolean; tenant: string }[],
): ManifestObject[] =>
  shapes.flatMap(({ open, privileged, raw, bounded, tenant }, index) => [
    namespace(`n${index}`, tenant === '' ? {} : { tenant }),
    ...(open ? [] : [deny(`n${index}`)]),
    deployment(`n${index}`, 'w', {
      container: {
        securityContext: { privileged, capabilities: { drop: raw ? [] : ['ALL'] } },
        resources: bounded ? { limits: { memory: '1Gi' } } : {},
      },
    }),
  ]);

describe('what tenants get at', () => {
  it('is nothing where each is closed, bounded and cannot forge packets', () => {
    expect(
      pairs([
        deployment('a', 'w', { container: safe }),
        deployment('b', 'w', { container: safe }),
        deny('a'),
        deny('b'),
      ]),
    ).toEqual([]);
  });

  it('leaves the cluster’s own tenant out as one that gets at others, and not as one that others get at', () => {
    const agent = deployment('kube-system', 'agent', { container: { securityContext: { privileged: true } } });
    const found = pairs([agent, deployment('shop', 'web', { container: safe })]);
    expect(found).toEqual(['network shop the platform']);
  });

  it('is told by an example in words, with what is not known', () => {
    const tenancy = tenancyOf([
      deployment('shop', 'agent', { container: { securityContext: { privileged: true } } }),
      deployment('pay', 'db', { container: { ...safe, ports: [{ containerPort: 5432 }] } }),
    ]);
    const [shop, pay] = ['shop', 'pay'].map((name) => tenancy.tenants.list.findIndex((one) => one.name === name));
    expect(TENANT_CHANNELS.slice(0, 4).map((channel) => wayOf(tenancy, channel, shop!, pay!))).toEqual([
      { channel: 'network', what: '1 of 1 workload, in plain text pay/db at port 5432 (postgres)' },
      { channel: 'nodes', what: 'shop/agent can leave for its node: container app runs privileged' },
      {
        channel: 'plaintext',
        what: 'shop/agent keeps NET_RAW in app and may hear pay/db at port 5432 (postgres), which speaks plain',
        unless: 'the network of the pods is no bridge, which is not known',
      },
      { channel: 'memory', what: 'shop/agent may use all memory of its node: no limit and no quota' },
    ]);
  });

  it('is stopped by policies that are named', () => {
    const tenancy = tenancyOf([deployment('shop', 'web'), deny('shop')]);
    expect(guardsOf(tenancy, tenancy.tenants.ofWorkload[0]!)).toEqual(['NetworkPolicy shop/deny']);
  });
});

describe('classes of tenants', () => {
  it('are one where all are open to each other, however many', () => {
    const objects = Array.from({ length: 30 }, (_, index) => deployment(`n${index}`, 'w', { container: safe }));
    const { classes, rows } = tenantClasses(reachOfTenants(tenancyOf(objects)));
    expect(classes.map(({ members, mutual }) => [members.length, mutual])).toEqual([[30, true]]);
    expect(rows).toEqual([{ from: 0, to: 0, channels: ['network'] }]);
  });

  it('say the same as the pairs that they stand for', () => {
    fc.assert(
      fc.property(estate, (shapes) => {
        expect(fromClasses(built(shapes))).toEqual(pairs(built(shapes)));
      }),
      { numRuns: 150 },
    );
  });
});

describe('properties of any estate', () => {
  const subset = (fewer: string[], more: string[]): void =>
    expect(fewer.filter((one) => !more.includes(one))).toEqual([]);

  it('a policy without rules more never widens', () => {
    fc.assert(
      fc.property(estate, fc.nat(5), (shapes, at) => {
        const which = at % shapes.length;
        const closed = shapes.map((shape, index) => (index === which ? { ...shape, open: false } : shape));
        subset(pairs(built(closed)), pairs(built(shapes)));
      }),
      { numRuns: 60 },
    );
  });

  it('a privilege more never narrows, a limit more never widens', () => {
    fc.assert(
      fc.property(estate, fc.nat(5), (shapes, at) => {
        const which = at % shapes.length;
        const change = (part: object) =>
          built(shapes.map((shape, index) => (index === which ? { ...shape, ...part } : shape)));
        subset(pairs(change({ privileged: false })), pairs(change({ privileged: true })));
        subset(pairs(change({ raw: false })), pairs(change({ raw: true })));
        subset(pairs(change({ bounded: true })), pairs(change({ bounded: false })));
      }),
      { numRuns: 60 },
    );
  });

  it('a workload more never narrows', () => {
    fc.assert(
      fc.property(estate, (shapes) => {
        subset(pairs(built(shapes.slice(0, -1))), pairs(built(shapes)));
      }),
      { numRuns: 60 },
    );
  });
});
