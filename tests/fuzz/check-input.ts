import type { FuzzTarget, Seed } from './target.ts';

const FLOOR = 250;
const PER_KIB = 4;
const SHARED = [Object, Array, String, Number, Function, Map, Set, Promise, Uint8Array, Error].map(
  ({ prototype }) => prototype,
);

const describeShared = (): string => SHARED.map((prototype) => Reflect.ownKeys(prototype).length).join(' ');
const untouched = describeShared();

/** Parses an input and tells the first promise that was broken; undefined where all were kept. */
export async function checkInput(target: FuzzTarget, input: Seed): Promise<string | undefined> {
  const before = process.threadCpuUsage();
  try {
    await target.parse(input);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const { user, system } = process.threadCpuUsage(before);
  const taken = (user + system) / 1000;
  const allowed = (target.floor ?? FLOOR) + (input.bytes.length / 1024) * (target.perKib ?? PER_KIB);
  if (describeShared() !== untouched) return 'changed a prototype that everything shares';
  if (taken > allowed) return `took ${Math.round(taken)} ms of CPU, allowed are ${Math.round(allowed)}`;
  return undefined;
}
