import type { Policy } from '@breakwater/model';
import { builtInPolicies } from '@breakwater/sources/policies';

const INTRODUCTION = `# Policies

Every policy that comes with Breakwater, by pack; what belongs to no pack is in force always. Written by
\`npm run reference\`. [Packs](../guide/packs.md) says what each pack is for.
`;

const HEADER = `| Policy | Asks that | Severity | Build, deploy, run | Controls |
|---|---|---|---|---|`;

/** Text of the page that lists our policies: what each asks, how far it is enforced, the controls that it is evidence for. */
export function policyReference(): string {
  const policies = builtInPolicies().policies.map(({ policy }) => policy);
  const packs = Map.groupBy(policies, ({ spec }) => spec.pack ?? '');
  const sections = [...packs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([pack, members]) => `## ${pack === '' ? 'Always in force' : pack}\n\n${table(members)}\n`);
  return [INTRODUCTION, ...sections].join('\n');
}

function table(policies: Policy[]): string {
  const rows = policies
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(({ metadata, spec }) => {
      const ladder = (['build', 'deploy', 'run'] as const).map((phase) =>
        spec.phases.includes(phase) ? (spec.enforcement[phase] ?? 'audit') : '-',
      );
      const controls = Object.entries(spec.controls).map(
        ([framework, numbers]) => `${framework} ${numbers.join(', ')}`,
      );
      return `| \`${metadata.name}\` | ${spec.title} | ${spec.severity} | ${ladder.join(', ')} | ${controls.join('; ')} |`;
    });
  return [HEADER, ...rows].join('\n');
}
