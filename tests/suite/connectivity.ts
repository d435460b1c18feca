import { diffRows } from './connectivity/diff-rows.ts';
import { explainRows } from './connectivity/explain-rows.ts';
import { exposureRows, unprotectedOf } from './connectivity/exposure-rows.ts';
import { type Arguments, focusOf } from './connectivity/focus.ts';
import { connectivityRows } from './connectivity/pair-rows.ts';
import { readState } from './connectivity/read-state.ts';
import type { Answer, Suite } from './suite.ts';

/** What can talk to what, from manifests: connections, exposure to workloads that are not there, reasons, differences. */
export const connectivitySuite: Suite = {
  name: 'connectivity',
  reads: ['kind', 'dir', 'dir2', 'args'],
  answer({ kind, dir, dir2, args }, folder): Answer {
    const given = (args ?? {}) as Arguments;
    if (given.multiple_networks === true) return { unsupported: 'several networks of one cluster are not evaluated' };
    const states = [dir, ...(dir2 === undefined ? [] : [dir2])].map((path) => readState(folder, String(path)));
    const [state, other] = states;
    if (states.some(({ invalid }) => invalid) || state === undefined) return { answer: { error: true } };
    const focus = focusOf(given, state.reach);
    switch (kind) {
      case 'explain':
        return { answer: { explain: explainRows(state, focus, given.explain_only) } };
      case 'diff':
        if (other === undefined) return { unsupported: 'the case has no second folder' };
        return {
          answer: {
            diff: diffRows(connectivityRows(state, focus), connectivityRows(other, focusOf(given, other.reach))),
          },
        };
      case 'exposure':
        return {
          answer: {
            connectivity: connectivityRows(state, focus),
            exposure: exposureRows(state, focus),
            unprotected: unprotectedOf(state, focus),
          },
        };
      default:
        return { answer: { connectivity: connectivityRows(state, focus) } };
    }
  },
};
