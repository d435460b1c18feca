import { DIMENSIONS, type RuntimeEvent } from '@breakwater/model';
import type { ContainerFacts, ContainerSettings } from '../containers/index.ts';
import type { KernelWatch } from '../kernel/index.ts';

/** Says what of a container is told from now on, and with what it was started where that is known. */
export function watchEvent(
  facts: ContainerFacts,
  { seesCapabilities, tellsCalls }: Pick<KernelWatch, 'seesCapabilities' | 'tellsCalls'>,
  isWhole: boolean,
  settings: ContainerSettings | undefined,
): RuntimeEvent {
  const dimensions = DIMENSIONS.filter(
    (one) => (one !== 'capability' || seesCapabilities) && (one !== 'syscall' || tellsCalls),
  );
  const watch = { dimensions, isWhole, ...(settings !== undefined && { settings }) };
  return { source: 'sensor', time: new Date().toISOString(), type: 'watch', ...facts, watch };
}
