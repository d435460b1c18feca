import { admissionSuite } from './admission.ts';
import { celSuite } from './cel.ts';
import { celSpecSuite } from './cel-spec.ts';
import { connectivitySuite } from './connectivity.ts';
import { matchingMinidbSuite } from './matching-minidb.ts';
import { podSecuritySuite } from './pod-security.ts';
import { policiesKyvernoSuite } from './policies-kyverno.ts';
import { rbacSuite } from './rbac.ts';
import { rulesKubescapeSuite } from './rules-kubescape.ts';
import { secretsSuite } from './secrets.ts';
import type { Suite } from './suite.ts';
import { versionsSuite } from './versions.ts';

/** Every suite that can be answered. */
export const suites: readonly Suite[] = [
  versionsSuite,
  matchingMinidbSuite,
  celSuite,
  celSpecSuite,
  podSecuritySuite,
  policiesKyvernoSuite,
  rulesKubescapeSuite,
  admissionSuite,
  connectivitySuite,
  rbacSuite,
  secretsSuite,
];
