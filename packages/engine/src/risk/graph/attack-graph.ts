import type { AttackGraph, Unknown } from '@breakwater/model';
import { addCloudRoles } from './cloud-roles.ts';
import { addContainers } from './containers.ts';
import { addDoors } from './doors.ts';
import { addEntries } from './entries.ts';
import type { EstateFacts } from './facts.ts';
import { GraphBuilder } from './graph-builder.ts';
import { addHosts } from './hosts.ts';
import { addInterference } from './interference.ts';
import { addLateral } from './lateral.ts';
import { nodeId, workloadLabel } from './names.ts';
import { addNodeFlaws } from './node-flaws.ts';
import { addPermissions } from './permissions.ts';
import { addSecretsAndVolumes } from './secrets.ts';
import { addSharedPasswords } from './shared-passwords.ts';
import { addSharedStorage } from './storage.ts';
import { Values } from './values.ts';
import { addWrittenSecrets } from './written-secrets.ts';

/**
 * The attack graph of an estate. Attacks begin at the nodes of kind `origin`, which have always fallen; `hub` nodes
 * join many edges into one and are worth nothing. Ids come from meaning, so that the same step is the same edge
 * whatever else changes; more facts only add edges or raise probabilities.
 */
export function buildAttackGraph(facts: EstateFacts): { graph: AttackGraph; unknowns: Unknown[] } {
  const builder = new GraphBuilder(facts.settings);
  const values = new Values(facts.settings, facts.objects);
  for (const workload of facts.workloads) {
    const { value, reason } = values.workload(workload);
    builder.node(nodeId.workload(workload.id), 'workload', workloadLabel(workload), value, reason);
  }
  addContainers(builder, facts);
  addEntries(builder, facts);
  addDoors(builder, facts);
  const unknowns = addLateral(builder, facts);
  addHosts(builder, facts);
  addNodeFlaws(builder, facts);
  addSecretsAndVolumes(builder, facts);
  addWrittenSecrets(builder, facts);
  addSharedPasswords(builder, facts);
  addSharedStorage(builder, facts);
  addCloudRoles(builder, facts);
  addPermissions(builder, facts);
  addInterference(builder, facts, values);
  return { graph: builder.graph(), unknowns };
}
