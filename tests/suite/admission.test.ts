import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { admissionSuite } from './admission.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'admission');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

/** Which objects a case says are let in. */
async function admitted(input: Record<string, unknown>): Promise<boolean[]> {
  const said = await admissionSuite.answer(input, FOLDER);
  if (!('answer' in said)) throw new Error(said.unsupported);
  return (said.answer as { admit: boolean[] }).admit;
}

const deny = (...criteria: object[]): object[] => [
  { id: 1, category: 'Kubernetes', rule_type: 'deny', criteria, containers: ['containers'] },
];

const pod = (spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'a', image: 'nginx:1.27' }], ...spec },
});

const sharesIpc = { name: 'shareIpcWithHost', op: '=', value: 'true' };
const sharesPid = { name: 'sharePidWithHost', op: '=', value: 'true' };

describe('objects under rules of NeuVector', () => {
  it('are let in where no rule describes them, those to accept before those to reject', async () => {
    const input = {
      rules: deny(sharesIpc),
      accept: [{ objects: [pod({})] }],
      reject: [{ objects: [pod({ hostIPC: true })] }],
    };
    expect(await admitted(input)).toEqual([true, false]);
  });

  it('are refused for one of two criteria where the rule was converted, for both elsewhere', async () => {
    const objects = [{ objects: [pod({ hostIPC: true })] }, { objects: [pod({ hostIPC: true, hostPID: true })] }];
    const rules = deny(sharesIpc, sharesPid);
    expect(await admitted({ rules, objects })).toEqual([true, false]);
    expect(await admitted({ rules, objects, kubewarden: [] })).toEqual([false, false]);
  });

  it('are read from base64, and left out where their facts are missing', async () => {
    const objects_b64 = Buffer.from(JSON.stringify([pod({ hostIPC: true })])).toString('base64');
    const input = { rules: deny(sharesIpc), accept_facts_missing: 'none', accept: [{}], reject: [{ objects_b64 }] };
    expect(await admitted(input)).toEqual([false]);
  });

  it('are refused where a rule cannot be decided', async () => {
    const rules = deny({ name: 'cveHighCount', op: '>=', value: '1' });
    expect(await admitted({ rules, objects: [{ objects: [pod({})] }] })).toEqual([false]);
  });
});

describe.skipIf(MISSING)('conformance: the suite `admission` (skipped where ../shared/suites is absent)', () => {
  const cases = MISSING ? [] : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8').trim().split('\n');

  it.each(cases.map((line) => JSON.parse(line)).map((one) => [one.id, one]))('lets in what %s does', async (_, one) => {
    const sides = ['accept', 'reject'].filter((side) => one[`${side}_facts_missing`] === undefined);
    const wanted = sides.flatMap((side) => one[side].map(() => side === 'accept'));
    expect(await admitted(one)).toEqual(wanted);
  });
});
