import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IssuedProfile, issueProfiles } from '@breakwater/app/profiles';
import { COMPILE_TARGETS } from '@breakwater/engine/compile';
import {
  type IssuedPolicies,
  type IssuedRecord,
  type Reissue,
  recordOf,
  reissue,
} from '@breakwater/engine/compile/issue';
import { DIMENSIONS, UserError } from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { z } from 'zod';
import { EXIT } from '../command.ts';
import { green, plain, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns } from '../terminal/table.ts';
import type { PolicyAction } from './action.ts';
import { learnedOf, selectorOf, splitWords, textsOf } from './compile-to.ts';

const RECORD = 'issued.json';
const Arming = z.object({ dimension: z.enum(DIMENSIONS), isSeen: z.boolean(), isArmed: z.boolean(), note: z.string() });
const Kept = z.object({
  subject: z.string(),
  container: z.string().optional(),
  arming: z.array(Arming),
  allowed: z.array(
    z.object({ key: z.string(), dimension: z.enum(DIMENSIONS), sentence: z.string(), because: z.string() }),
  ),
  version: z.string(),
  targets: z.array(z.object({ target: z.string(), step: z.enum(['block', 'audit', 'none']), version: z.string() })),
});

/** Writes everything that holds workloads to their learned profiles into a folder, and tells what changed since the last time. */
export const issue: PolicyAction = async (invocation, words) => {
  const folder = invocation.options['to'] as string | undefined;
  if (folder === undefined || words.length === 0)
    throw new UserError('Issue which profiles, and where to?', {
      code: 'action-missing',
      hint: 'breakwater policy issue --to issued/ --manifest k8s/ shop/Deployment/web',
    });
  const { files, subjects } = splitWords(words);
  const { issued, unknowns } = await issueProfiles(files, {
    learned: await learnedOf(invocation, subjects),
    manifests: textsOf(invocation, 'manifest'),
    selector: selectorOf(invocation),
    now: new Date().toISOString(),
    readText: (path) => readFileSync(path, 'utf8'),
    signal: invocation.signal,
  });
  if (issued.length === 0 && unknowns.length === 0)
    throw new UserError('None of them is a learned profile: policies are issued of what is settled.', {
      code: 'profile-missing',
      hint: 'breakwater profile export writes one. Of recordings: breakwater policy compile --to TARGET FILE',
    });
  const rows: string[][] = [];
  for (const one of issued) rows.push(...describe(one.issued, await write(join(folder, folderOf(one.issued)), one)));
  for (const { message } of unknowns) rows.push([yellow('unknown'), plain(message)]);
  if (invocation.options['quiet'] !== true)
    process.stdout.write(`${wrapColumns(rows, Math.min(outputWidth(), 100)).join('\n')}\n`);
  return issued.length > 0 && unknowns.length === 0 ? EXIT.passed : EXIT.unknown;
};

/** One for each container: names of Kubernetes hold no `_`, and what cannot stand in a folder's name is told apart by a digest. */
function folderOf({ subject, container = '' }: IssuedPolicies): string {
  const name = [...subject.split('/'), container].filter(Boolean).join('_').toLowerCase();
  const path = name.replaceAll(/[^a-z0-9._-]/g, '-').replace(/^\.+/, '-');
  if (path === name && !subject.includes('_')) return path;
  return `${path}-${createHash('sha256').update(`${subject}\n${container}`).digest('hex').slice(0, 8)}`;
}

/** Writes what changed, removes what is withdrawn, and leaves the rest as it is. */
async function write(folder: string, { issued, patch }: IssuedProfile): Promise<Reissue> {
  mkdirSync(folder, { recursive: true });
  const difference = reissue(before(join(folder, RECORD)), issued);
  for (const { target, change } of difference.policies) {
    const policy = issued.policies.find((one) => one.target === target);
    const isJson = COMPILE_TARGETS.some(({ name, format }) => name === target && format === 'json');
    const path = join(folder, `${target}.${isJson ? 'json' : 'yaml'}`);
    if (change === 'withdrawn') rmSync(path, { force: true });
    if (policy === undefined || policy.objects.length === 0 || (change === 'unchanged' && existsSync(path))) continue;
    const [first] = policy.objects;
    writeFileSync(path, isJson ? `${JSON.stringify(first, undefined, 2)}\n` : await yamlDocuments(policy.objects));
  }
  const edits = join(folder, 'manifest.patch');
  if (patch === undefined) rmSync(edits, { force: true });
  else writeFileSync(edits, patch.patch);
  writeFileSync(join(folder, RECORD), `${JSON.stringify(recordOf(issued), undefined, 2)}\n`);
  return difference;
}

function before(path: string): IssuedRecord | undefined {
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8'))) as IssuedRecord;
  } catch {
    return undefined;
  }
}

function describe({ subject, container }: IssuedPolicies, { policies, added, removed, arming }: Reissue): string[][] {
  const changed = policies.filter(({ change }) => change !== 'unchanged');
  return [
    ['', plain([subject, container].filter(Boolean).join(' '))],
    ...changed.map(({ target, change, after }) => [
      green(target),
      after === undefined ? change : `${change}: ${after === 'block' ? 'blocks' : 'tells'}`,
    ]),
    ...(changed.length === 0 ? [['', 'Nothing changed.']] : []),
    ...arming.map((sentence) => [yellow('arming'), plain(sentence)]),
    ...added.slice(0, 20).map((sentence) => ['let', plain(sentence)]),
    ...(added.length > 20 ? [['let', `and ${added.length - 20} more (${RECORD})`]] : []),
    ...removed.map((sentence) => ['no more', plain(sentence)]),
  ];
}
