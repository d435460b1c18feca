import type { JsonObject } from '@breakwater/model';
import * as fc from 'fast-check';
import { NAMESPACES, networkPolicy, type RandomEstate, randomEstates } from './random-estates.ts';

/** By which definition a pod is on a secondary network, and with which address. */
export interface RandomAttachment {
  definition: string;
  address: string;
}

/** An estate with networks beside the pod network. */
export interface RandomNetworks {
  estate: RandomEstate;
  /** Namespaces that have the label that allows them a primary network of their own. */
  allowed: string[];
  /** Namespaces with a UserDefinedNetwork of their own; namespaces with `env: x` share one if `shared` is set. */
  own: string[];
  shared: boolean;
  /** Of definitions `NAMESPACE/lan`: the name of the network that each leads to. */
  definitions: Record<string, string>;
  /** By pod. */
  attachments: RandomAttachment[][];
  /** MultiNetworkPolicies. */
  multi: { namespace: string; target: string; spec: JsonObject }[];
}

const ADDRESSES = ['10.1.2.3', '10.9.9.9', '203.0.113.7', 'fd00:0:0:0:0:0:0:1'];
const definition = fc.constantFrom(...NAMESPACES.map((namespace) => `${namespace}/lan`));
const attachment = fc.record({ definition, address: fc.constantFrom(...ADDRESSES) });

/** Random estates whose networks are valid: no namespace has two primary ones, and no pod two addresses in one. */
export const randomNetworks: fc.Arbitrary<RandomNetworks> = fc
  .record({
    estate: randomEstates,
    allowed: fc.subarray(NAMESPACES),
    own: fc.subarray(NAMESPACES),
    shared: fc.boolean(),
    definitions: fc
      .tuple(
        ...NAMESPACES.map((name) => fc.constantFrom('one', 'other').map((leads) => [`${name}/lan`, leads] as const)),
      )
      .map((entries): Record<string, string> => Object.fromEntries(entries)),
    attachments: fc.array(fc.uniqueArray(attachment, { maxLength: 2, selector: (one) => one.definition }), {
      minLength: 5,
      maxLength: 5,
    }),
    multi: fc.array(
      fc.record({
        namespace: fc.constantFrom(...NAMESPACES),
        target: definition,
        spec: networkPolicy.map((spec) => spec as unknown as JsonObject),
      }),
      { maxLength: 4 },
    ),
  })
  .map((networks) => ({
    ...networks,
    attachments: networks.attachments.map((own) => [
      ...new Map(own.map((one) => [networks.definitions[one.definition], one])).values(),
    ]),
    own: networks.own.filter((name) => !networks.shared || networks.estate.namespaces[name]!['env'] !== 'x'),
  }));
