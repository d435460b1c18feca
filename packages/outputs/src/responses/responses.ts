import { cordon } from './cordon/index.ts';
import { deletePod } from './delete-pod/index.ts';
import { killProcess } from './kill-process/index.ts';
import { quarantine } from './quarantine/index.ts';
import type { ResponseKind } from './response.ts';
import { scaleToZero } from './scale-to-zero/index.ts';
import { snapshot } from './snapshot/index.ts';
import { stopContainer } from './stop-container/index.ts';

/** Everything that can be done about an incident; a new kind is a folder and a line here. */
export const RESPONSES: readonly ResponseKind[] = [
  snapshot,
  killProcess,
  stopContainer,
  quarantine,
  deletePod,
  scaleToZero,
  cordon,
];
