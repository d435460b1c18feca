import { type Json, list, object, text } from './json.ts';

/** One entry of an image's history, from the lowest (image-spec, config.md). */
export interface HistoryStep {
  /** As the builder wrote it; empty where it wrote nothing. */
  createdBy: string;
  comment: string;
  /** Milliseconds; undefined where it is missing or zero, as of builds that can be repeated. */
  created: number | undefined;
  isEmpty: boolean;
}

const LONGEST_STEP = 4096;
const MOST_STEPS = 10_000;

/** The history of a config. */
export function readHistory(document: Json): HistoryStep[] {
  return list(document['history'])
    .slice(0, MOST_STEPS)
    .map(object)
    .map((step) => ({
      createdBy: text(step['created_by'])?.slice(0, LONGEST_STEP).trim() ?? '',
      comment: text(step['comment'])?.slice(0, LONGEST_STEP).trim() ?? '',
      created: timeOf(text(step['created'])),
      isEmpty: step['empty_layer'] === true,
    }));
}

/**
 * The Dockerfile step of each layer: entries that made none (`empty_layer`) are passed over. Where the rest is not as
 * many as there are layers, nobody knows which belongs to which (squashed images, tools that write no history): none. A
 * step that changes no file is the last of several that a tool made one layer of, and says nothing of it.
 */
export function stepsOfLayers(history: HistoryStep[], layers: number): (string | undefined)[] {
  const steps = history.filter(({ isEmpty }) => !isEmpty);
  return steps.length === layers ? steps.map(({ createdBy }) => stepOf(createdBy)) : [];
}

const WITHOUT_FILES =
  /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER)\s/i;

const stepOf = (createdBy: string): string | undefined =>
  createdBy === '' || WITHOUT_FILES.test(createdBy) ? undefined : createdBy;

function timeOf(created: string | undefined): number | undefined {
  const time = Date.parse(created ?? '');
  return time > 0 ? time : undefined;
}
