import { SYSTEM_NAMESPACES } from '@breakwater/app/admission';
import { type CompiledNetwork, compileNetwork } from '@breakwater/app/least-privilege';
import type { LeastPrivilege } from '@breakwater/engine/least-privilege';
import { UserError } from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { clusterReading, withClusters } from '../cluster-options.ts';
import { EXIT } from '../command.ts';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { withPlace } from '../terminal/describe-unknowns.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';
import type { PolicyAction } from './action.ts';
import { printJson } from './show-unusable.ts';

/** Compiles NetworkPolicies that allow what workloads are known to need, and nothing else: YAML to stdout, the proof to stderr. */
export const compileNetworkPolicies: PolicyAction = async (invocation, targets) => {
  const { options, signal } = invocation;
  const output = outputOption(invocation, ['table', 'json']);
  const named = withClusters(invocation, targets);
  if (named.length === 0)
    throw new UserError('Compile NetworkPolicies for which manifests?', {
      code: 'target-missing',
      hint: 'breakwater policy network PATH...',
    });
  const compiled = await compileNetwork(named, {
    ingressNamespaces: (options['ingress-namespace'] as string[] | undefined) ?? [],
    excludedNamespaces: (options['exclude-namespace'] as string[] | undefined) ?? [...SYSTEM_NAMESPACES],
    values: options['values'] as string[] | undefined,
    clusters: clusterReading(invocation),
    signal,
  });
  if (output === 'json') printJson(compiled);
  else process.stdout.write(await yamlDocuments(compiled.clusters.flatMap(({ policies }) => policies)));
  if (options['quiet'] !== true && output !== 'json') report(compiled);
  const isCut = compiled.clusters.some(({ flows }) => flows.some(({ before, after }) => before && !after));
  if (isCut) return EXIT.refused;
  return compiled.objects === 0 || compiled.unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
};

function report({ clusters, unknowns }: CompiledNetwork): void {
  const lines = [
    ...clusters.flatMap(reportCluster),
    ...unknowns.map(({ message, place }) => `${yellow('unknown')}  ${withPlace(message, place)}`),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function reportCluster({ cluster, policies, isolated, flows, pairs, gaps }: LeastPrivilege): string[] {
  const where = cluster === 'default' ? '' : ` of ${plain(cluster)}`;
  const kept = flows.filter(({ after }) => after).length;
  const cut = flows.filter(({ before, after }) => before && !after);
  const notes = gaps.map(({ message }) => `${yellow('not known')}  ${plain(message)}`);
  if (policies.length === 0) return notes;
  const mark = cut.length === 0 ? green('proven') : red('cut');
  return [
    `${mark}  ${countOf(policies.length, 'policy', 'policies')} for ${countOf(isolated.length, 'workload')}${where}: ` +
      `${kept} of ${countOf(flows.length, 'needed connection')} stay possible; ` +
      `${countOf(pairs.before, 'pair')} of workloads could connect, ${countOf(pairs.after, 'pair')} still can.`,
    ...cut.map(
      ({ flow }) =>
        `${red('cut')}  ${plain(JSON.stringify(flow.from))} -> ${plain(JSON.stringify(flow.to))}: ${plain(flow.why)}`,
    ),
    ...notes,
  ];
}
