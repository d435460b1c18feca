import type { Unknown } from '@breakwater/model';
import { packFolder } from '../pack-folder.ts';
import { readOverlayMarks } from './overlay-marks.ts';

/**
 * The folder of an overlay layer as the tar of an image layer: character devices 0/0 become whiteouts, opaque folders
 * get their mark. What cannot be translated is reported; programs come whole where `hasPrograms`.
 */
export async function* packDiff(
  folder: string,
  report: (unknown: Unknown) => void,
  hasPrograms: boolean,
): AsyncGenerator<Buffer> {
  const marks = await readOverlayMarks(folder);
  const tell = (code: string, message: string, path: string): void =>
    report({ code, message, place: { source: folder, path: `/${path}` } });
  if (marks === undefined)
    tell('overlay-marks-unread', 'Which of its folders hide lower layers could not be read: that takes GNU tar', '');
  for (const path of marks?.redirected ?? [])
    tell('overlay-redirect', 'Its content lies partly under another name in lower layers: that is not followed', path);
  yield* packFolder(folder, report, { overlay: marks?.opaque ?? new Set(), hasPrograms });
}
