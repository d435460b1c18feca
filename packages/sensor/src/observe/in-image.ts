import { FILE_FLAG } from '../kernel/record.ts';

/** Whether a file lies in the image's own layers; unknown where the container's files are on no overlay. */
export function isInImage(flags: number): boolean | undefined {
  if ((flags & (FILE_FLAG.memory | FILE_FLAG.changed)) !== 0) return false;
  if ((flags & FILE_FLAG.unlayered) !== 0) return undefined;
  return (flags & FILE_FLAG.overlay) !== 0;
}
