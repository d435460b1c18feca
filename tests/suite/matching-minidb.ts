import { answerInput } from './minidb/input-cases.ts';
import { answerPackage } from './minidb/package-cases.ts';
import type { Suite } from './suite.ts';

/** Packages, lock files and SBOMs against small databases: which vulnerabilities match. */
export const matchingMinidbSuite: Suite = {
  name: 'matching-minidb',
  reads: ['source', 'records', 'package', 'options', 'input', 'db'],
  answer(fields, folder) {
    if (fields['source'] === 'grype') return answerPackage(fields, folder);
    if (fields['source'] === 'trivy') return answerInput(fields, folder);
    return { unsupported: `cases of ${String(fields['source'])} are not known` };
  },
};
