import { locatePolicies } from '@breakwater/app/scan';
import { UserError } from '@breakwater/model';
import { withClusters } from '../cluster-options.ts';
import { outputOption } from '../options.ts';
import { scanWithProgress, VERDICT_CODES } from '../scan.ts';
import { printScan } from '../terminal/print-scan.ts';
import { writeJson } from '../terminal/write-json.ts';
import type { PolicyAction } from './action.ts';

/** Shows everything that policies say of targets, and judges by the build gate. */
export const evaluateTargets: PolicyAction = async (invocation, targets) => {
  if (withClusters(invocation, targets).length === 0) {
    throw new UserError('Evaluate on what? Name manifests or images.', {
      code: 'action-missing',
      hint: 'breakwater policy eval k8s/',
    });
  }
  const output = outputOption(invocation, ['table', 'json']);
  const scanned = await scanWithProgress(invocation, targets);
  const report = await locatePolicies(scanned.report, () => true, scanned.texts);
  if (output === 'json') writeJson(report);
  else printScan(report, { all: true, policiesOnly: true });
  return VERDICT_CODES[report.verdict];
};
