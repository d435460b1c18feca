import type { FuzzTarget } from './target.ts';
import { clusterTargets } from './targets/clusters.ts';
import { documentTargets } from './targets/documents.ts';
import { ecosystemTargets } from './targets/ecosystems.ts';
import { imageTargets } from './targets/images.ts';
import { platformTargets } from './targets/platforms.ts';
import { reportTargets } from './targets/reports.ts';
import { textTargets } from './targets/texts.ts';

/** Every parser that is fuzzed. A new ecosystem is here by itself; any other parser is a line in its list. */
export const targets: readonly FuzzTarget[] = [
  ...ecosystemTargets,
  ...imageTargets,
  ...documentTargets,
  ...clusterTargets,
  ...platformTargets,
  ...reportTargets,
  ...textTargets,
];
