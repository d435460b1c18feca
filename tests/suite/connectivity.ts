import { diffRows } from './connectivity/diff-rows.ts';
import { explainRows } from './connectivity/explain-rows.ts';
import { exposureRows, unprotectedOf } from './connectivity/exposure-rows.ts';
import { type Arguments, type Focus, focusOf, isFocused } from './connectivity/focus.ts';
import { isolatedRows } from './connectivity/isolated-rows.ts';
import { connectivityRows } from './connectivity/pair-rows.ts';
import { type Reading, readState, type State } from './connectivity/read-state.ts';
import type { Answer, Suite } from './suite.ts';

/** What can talk to what, from manifests: connections, exposure to workloads that are not there, reasons, differences. */
export const connectivitySuite: Suite = {
  name: 'connectivity',
  reads: ['kind', 'dir', 'dir2', 'args'],
  answer({ kind, dir, dir2, args }, folder): Answer {
    const given = (args ?? {}) as Arguments;
    const read = (path: unknown): Reading => readState(folder, String(path), given.multiple_networks === true);
    const [reading, other] = [dir, ...(dir2 === undefined ? [] : [dir2])].map(read);
    if (reading === undefined || reading.invalid || other?.invalid === true) return { answer: { error: true } };
    const each = <Row>(rows: (state: State, focus: Focus) => Row[], { networks }: Reading = reading): Row[] =>
      networks.flatMap((state) => rows(state, focusOf(given, state.reach)));
    switch (kind) {
      case 'explain':
        return {
          answer: {
            explain: [
              ...each((state, focus) => explainRows(state, focus, given.explain_only)),
              ...(isFocused(given) && given.explain_only !== 'allow' ? each(isolatedRows) : []),
            ],
          },
        };
      case 'diff':
        if (other === undefined) return { unsupported: 'the case has no second folder' };
        return { answer: { diff: diffRows(each(connectivityRows), each(connectivityRows, other)) } };
      case 'exposure':
        return {
          answer: {
            connectivity: each(connectivityRows),
            exposure: each(exposureRows),
            unprotected: each(unprotectedOf),
          },
        };
      default:
        return { answer: { connectivity: each(connectivityRows) } };
    }
  },
};
