import type { WallContext } from '../../wall/task.ts';
import { startHashThread } from './hash-thread.ts';
import type { ReadRequest } from './read-target.ts';

/** The task behind the wall. The thread that hashes starts on one core while the readers are loaded on the other. */
export async function serveTarget(request: ReadRequest, context: WallContext): Promise<null> {
  startHashThread();
  const { readTarget } = await import('./read-target.ts');
  return readTarget(request, context);
}
