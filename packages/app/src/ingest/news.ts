import type { IngestDelta } from './kept/index.ts';

/** Things told that are remembered; beyond it all begins anew, and is news once more. */
const MOST = 500_000;

/** Tells whether a batch tells of anything that this process had not heard of: an estate is judged again for news only. */
export interface News {
  isNews(delta: IngestDelta): boolean;
  /** Forgets what was told: what it was told with was not stored, and will come again. */
  forget(): void;
}

/** Knows nothing at first. */
export function openNews(): News {
  const known = new Set<string>();
  const note = (text: string): boolean => {
    if (known.has(text)) return false;
    if (known.size >= MOST) known.clear();
    known.add(text);
    return true;
  };
  return {
    forget: () => known.clear(),
    isNews({ observations, reporters, alerts }) {
      let isNews = false;
      for (const { key, executed, opened } of observations) {
        for (const { path } of executed) isNews = note(`${key}\nx${path}`) || isNews;
        for (const { path } of opened) isNews = note(`${key}\no${path}`) || isNews;
      }
      for (const { name, lossy } of reporters) isNews = (lossy && note(`loss ${name}`)) || isNews;
      for (const { alert, type, source, pod, container } of alerts) {
        const where = pod ? `${pod.namespace}/${pod.name}` : (container?.id ?? '');
        isNews = note(`${source} ${alert?.rule ?? type}\n${where}`) || isNews;
      }
      return isNews;
    },
  };
}
