import type { AttackGraph } from '@breakwater/model';
import type { EstateFacts } from '../graph/index.ts';
import { proposeUnbind } from './bindings.ts';
import { proposeFewerCapabilities } from './capabilities.ts';
import { proposeClosedServices, proposeNoHostPorts } from './closed-services.ts';
import { proposeContainment } from './containment.ts';
import { proposeOwnNamespaces } from './host-namespaces.ts';
import { proposeNoHostPaths } from './host-paths.ts';
import { proposeNetworkPolicies } from './network-policies.ts';
import { proposeOwnProcesses } from './own-processes.ts';
import type { Proposal, Proposer } from './proposal.ts';
import { proposeNoRawSockets } from './raw-sockets.ts';
import { proposeReadOnlyPaths } from './read-only-paths.ts';
import { proposeNarrowRoles } from './roles.ts';
import { proposeNonRoot, proposeSeccomp } from './security-context.ts';
import { proposeNoToken } from './service-token.ts';
import { proposeUnprivileged } from './unprivileged.ts';
import { proposeUpgrades } from './upgrades.ts';
import { proposeLimitsAsUsed } from './used/limits-as-used.ts';
import { proposeOnlyWhatItUses } from './used/only-what-it-uses.ts';
import { proposeOnlyWhereItCalls } from './used/only-where-it-calls.ts';
import { proposeOnlyWhereItListens } from './used/only-where-it-listens.ts';
import { proposeWithoutUnloaded } from './used/without-unloaded.ts';
import { proposeUsedRoles } from './used-roles.ts';

/** Every kind of fix, the least that it takes away first: where two remove as much, the earlier one is named first. */
const proposers: readonly Proposer[] = [
  proposeOnlyWhatItUses,
  proposeOnlyWhereItCalls,
  proposeOnlyWhereItListens,
  proposeLimitsAsUsed,
  proposeReadOnlyPaths,
  proposeFewerCapabilities,
  proposeUnprivileged,
  proposeOwnProcesses,
  proposeOwnNamespaces,
  proposeNoHostPaths,
  proposeContainment,
  proposeUsedRoles,
  proposeNarrowRoles,
  proposeNoToken,
  proposeUnbind,
  proposeNoHostPorts,
  proposeClosedServices,
  proposeUpgrades,
  proposeWithoutUnloaded,
  proposeNetworkPolicies,
  proposeNonRoot,
  proposeSeccomp,
  proposeNoRawSockets,
];

/** Small changes that may lower the loss of the estate, in no order of worth. Ids are unique. */
export function proposeChanges(facts: EstateFacts, graph: AttackGraph): Proposal[] {
  const proposals = new Map<string, Proposal>();
  for (const proposal of proposers.flatMap((propose) => propose(facts, graph))) {
    if (!proposals.has(proposal.change.id)) proposals.set(proposal.change.id, proposal);
  }
  return [...proposals.values()];
}
