import { UserError } from '@breakwater/model';
import { CLUSTER_OPTIONS, clusterReading, withClusters } from '../cluster-options.ts';
import { type Command, EXIT } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { describeUnknowns } from '../terminal/describe-unknowns.ts';
import { permissionLines } from '../terminal/print-permissions.ts';
import { openProgressLine } from '../terminal/progress.ts';
import { outputWidth } from '../terminal/table.ts';

export const command: Command = {
  name: 'permissions',
  summary: 'Tells from audit logs which permissions nobody used, and which roles would be enough.',
  usage: 'unused PATH...',
  examples: [
    { command: 'breakwater permissions unused k8s/ audit.log', says: 'by manifests and the log of an API server' },
    {
      command: 'breakwater permissions unused audit.log.gz --cluster production',
      says: 'by the bindings of a cluster',
    },
    { command: 'breakwater permissions unused k8s/ audit.log --only shop/robot', says: 'one identity' },
    { command: 'breakwater permissions unused k8s/ audit.log -o yaml', says: 'the roles that would be enough' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json or yaml' },
    only: { type: 'string', multiple: true, value: 'NAME', help: 'Only this identity: alice, shop/robot' },
    'audit-policy': {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'What the API server logs, so that no use is missed',
    },
    top: { type: 'string', value: 'N', help: 'Identities shown in the table (default 10)' },
    ...CLUSTER_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json', 'yaml']);
    const top = readCount(invocation, 'top', 10);
    const [what, ...paths] = invocation.positionals;
    const named = withClusters(invocation, paths);
    if (what !== 'unused' || named.length === 0)
      throw new UserError(
        what === 'unused' ? 'Unused by which manifests and logs?' : 'Only `permissions unused` is told.',
        {
          code: 'question-missing',
          hint: 'breakwater permissions unused k8s/ audit.log',
        },
      );
    const { options, signal } = invocation;
    const quiet = options['quiet'] === true;
    const { tellUnusedPermissions } = await import('@breakwater/app/permissions');
    const line = openProgressLine(quiet);
    const report = await tellUnusedPermissions(named, {
      auditPolicies: (options['audit-policy'] as string[] | undefined) ?? [],
      only: (options['only'] as string[] | undefined) ?? [],
      clusters: clusterReading(invocation),
      signal,
      onProgress: ({ done, total, subject }) => line.show(`reading ${done}/${total} ${subject}`),
    }).finally(() => line.clear());
    if (output === 'json') process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else if (output === 'yaml')
      process.stdout.write(
        report.identities.flatMap(({ sufficient }) => (sufficient === '' ? [] : [sufficient])).join('---\n'),
      );
    else process.stdout.write(`${permissionLines(report, top, outputWidth()).join('\n')}\n`);
    if (!quiet) for (const told of describeUnknowns(report.unknowns, outputWidth())) process.stderr.write(`${told}\n`);
    return report.coverage.requests === 0 ? EXIT.unknown : EXIT.passed;
  },
};
