import type { BaseImage } from '@breakwater/model';
import type { HistoryStep } from './history.ts';
import { type Json, text } from './json.ts';

const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';
const LONGEST_NAME = 500;
/** An image that Buildah names by its id is a step of the same build. */
const INTERMEDIATE = /^(?:sha256:)?[0-9a-f]{12,64}$/;
/** How a builder writes the last words of a Dockerfile. */
const LAST_WORDS = /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:CMD|ENTRYPOINT)\b/;
const HOUR = 60 * 60_000;

type Boundary = Pick<BaseImage, 'name' | 'confidence'> & { layers: number };

/**
 * The base image as the image itself tells of it: in annotations of its manifest, in labels (which are inherited, so
 * they may speak of the base's own base), and in its history. Undefined where nothing tells. `layers` is the number of
 * layers: a history that does not fit it tells nothing of them.
 */
export function describeBase(
  history: HistoryStep[],
  layers: number,
  annotations: Json,
  labels: Record<string, string>,
): BaseImage | undefined {
  const annotated = statedIn(annotations);
  const labelled = statedIn(labels);
  const fits = history.filter(({ isEmpty }) => !isEmpty).length === layers;
  const boundary = fits ? findBoundary(history, layers) : undefined;
  if (annotated !== undefined) {
    if (boundary === undefined) return { ...annotated, evidence: 'annotation', confidence: 'high' };
    const evidence = boundary.confidence === 'high' ? 'annotation' : 'history';
    return { ...annotated, layers: boundary.layers, evidence, confidence: boundary.confidence };
  }
  if (boundary !== undefined) return { ...boundary, evidence: 'history' };
  return labelled === undefined ? undefined : { ...labelled, evidence: 'label', confidence: 'low' };
}

function statedIn(stated: Json): Pick<BaseImage, 'name' | 'digest'> | undefined {
  const name = text(stated[NAME])?.slice(0, LONGEST_NAME);
  const digest = text(stated[DIGEST]);
  const whole = digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest);
  if (!name && !whole) return undefined;
  return { ...(name && { name }), ...(whole && { digest }) };
}

/** Where in the history the base image ends. One with no layer of its own, or all of them, is none. */
function findBoundary(history: HistoryStep[], layers: number): Boundary | undefined {
  const found = namedBoundary(history) ?? endOfDockerfile(history) ?? changeOfBuilder(history);
  return found !== undefined && found.layers > 0 && found.layers < layers ? found : undefined;
}

/** Buildah writes `FROM NAME` into the comment of the first step after the base image. */
function namedBoundary(history: HistoryStep[]): Boundary | undefined {
  const index = history.findLastIndex(({ comment }) => {
    const name = /^FROM (\S+)$/.exec(comment)?.[1];
    return name !== undefined && name !== 'scratch' && !INTERMEDIATE.test(name);
  });
  if (index === -1) return undefined;
  const name = history[index]!.comment.slice('FROM '.length, LONGEST_NAME);
  return { name, layers: layersBefore(history, index), confidence: 'high' };
}

/**
 * A Dockerfile usually ends with `CMD` or `ENTRYPOINT`, so what comes after the last such step but the image's own was
 * built on top. Sooner after it than an hour it may be one and the same Dockerfile.
 */
function endOfDockerfile(history: HistoryStep[]): Boundary | undefined {
  let last = history.length - 1;
  while (last >= 0 && history[last]!.isEmpty) last -= 1;
  const end = history
    .slice(0, Math.max(0, last))
    .findLastIndex((step) => step.isEmpty && LAST_WORDS.test(step.createdBy));
  if (end === -1) return undefined;
  const [before, after] = [history[end]!.created, history[end + 1]?.created];
  const isLater = before !== undefined && after !== undefined && after - before > HOUR;
  return { layers: layersBefore(history, end + 1), confidence: isLater ? 'medium' : 'low' };
}

/** BuildKit signs its steps: what lies below the first of them was built by something else. */
function changeOfBuilder(history: HistoryStep[]): Boundary | undefined {
  const first = history.findIndex(({ comment }) => comment.startsWith('buildkit.'));
  return first > 0 ? { layers: layersBefore(history, first), confidence: 'medium' } : undefined;
}

function layersBefore(history: HistoryStep[], end: number): number {
  return history.slice(0, end).filter(({ isEmpty }) => !isEmpty).length;
}
