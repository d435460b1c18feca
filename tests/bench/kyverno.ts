import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Cost, measureCommand } from './measure-command.ts';
import type { BenchResult } from './result.ts';

/** Whether the Kyverno CLI is on the path; where it is not, that is said among the inputs. */
export function hasKyverno(result: BenchResult): boolean {
  const version = spawnSync('kyverno', ['version'], { encoding: 'utf8' });
  if (version.status === 0) {
    result.inputs.push(
      `beside kyverno ${/^Version:\s*(\S+)/m.exec(version.stdout)?.[1] ?? '(its version is not told)'}`,
    );
    return true;
  }
  result.inputs.push('SKIPPED: kyverno is not on the path, so it is not measured beside');
  return false;
}

/**
 * Costs of `kyverno apply`, and how often a rule failed. Throws where it judged nothing: a peer that fails says nothing.
 *
 * @param resources a file, or a folder without others in it: it looks into no other.
 */
export async function applyKyverno(policies: string, resources: string): Promise<{ cost: Cost; failing: number }> {
  const output = `${policies}.result`;
  const command = `kyverno apply '${policies}' --resource '${resources}' --remove-color > '${output}'`;
  const cost = await measureCommand('/bin/sh', ['-c', command]);
  const counts = /^pass: (\d+), fail: (\d+), warn: \d+, error: (\d+)/m.exec(readFileSync(output, 'utf8'));
  const [, pass, fail, errors] = counts ?? [];
  if (Number(pass) + Number(fail) > 0 && errors === '0') return { cost, failing: Number(fail) };
  throw new Error(`kyverno judged nothing, or not all: ${counts?.[0] ?? 'it gave no counts'}`);
}

/** Files of folders below in one folder, as Kyverno reads them; gives its path. */
export function flatten(folder: string): string {
  const flat = `${folder}-flat`;
  mkdirSync(flat);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.yaml')) linkSync(join(folder, file), join(flat, basename(file)));
  }
  return flat;
}

/** Adds what both cost, and how many times as much the other takes. */
export function addBeside(result: BenchResult, what: string, ours: Cost, theirs: Cost): void {
  const peer = (value: number, digits: number): { peer: string } => ({ peer: `kyverno ${value.toFixed(digits)}` });
  result.rows.push(
    { what: `${what}: CPU`, value: ours.cpu, unit: 's', ...peer(theirs.cpu, 2) },
    { what: `${what}: peak`, value: ours.peak, unit: 'MiB', ...peer(theirs.peak, 0) },
    { what: `${what}: CPU, times ours`, value: theirs.cpu / ours.cpu, unit: 'x', budget: '> 1' },
  );
}

/** Nine rules on the weaknesses that generated manifests carry, as Kyverno's users write them; gives their file. */
export function writeNineRules(folder: string): string {
  const path = join(folder, 'nine-rules.yaml');
  const each = (container: object): object => ({
    spec: { containers: [container], '=(initContainers)': [container], '=(ephemeralContainers)': [container] },
  });
  const secure = (context: object): object => each({ '=(securityContext)': context });
  const rules: Record<string, object> = {
    privileged: secure({ '=(privileged)': 'false' }),
    escalation: each({ securityContext: { allowPrivilegeEscalation: 'false' } }),
    capabilities: secure({ '=(capabilities)': { 'X(add)': 'null' } }),
    'root-file-system': each({ securityContext: { readOnlyRootFilesystem: 'true' } }),
    'non-root': each({ securityContext: { runAsNonRoot: 'true' } }),
    tag: each({ image: '!*:latest & *:*' }),
    limits: each({ resources: { limits: { memory: '?*' } } }),
    'host-namespaces': { spec: { '=(hostPID)': 'false', '=(hostIPC)': 'false', '=(hostNetwork)': 'false' } },
    'host-path': { spec: { '=(volumes)': [{ 'X(hostPath)': 'null' }] } },
  };
  const policy = {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'nine-rules' },
    spec: {
      validationFailureAction: 'Audit',
      background: true,
      rules: Object.entries(rules).map(([name, pattern]) => ({
        name,
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { message: name, pattern },
      })),
    },
  };
  writeFileSync(path, JSON.stringify(policy));
  return path;
}

/** Expressions as one policy each, in the language that both know; gives their file. */
export function writeExpressions(folder: string, expressions: readonly { name: string; expression: string }[]): string {
  const path = join(folder, 'expressions.yaml');
  const resourceRules = [
    { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
  ];
  const policies = expressions.map(({ name, expression }) => ({
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ValidatingPolicy',
    metadata: { name: `expression-${name}` },
    spec: {
      validationActions: ['Audit'],
      matchConstraints: { resourceRules },
      validations: [{ expression, message: name }],
    },
  }));
  writeFileSync(path, policies.map((policy) => `---\n${JSON.stringify(policy)}\n`).join(''));
  return path;
}
