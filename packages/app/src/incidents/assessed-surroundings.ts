import { createOwnership } from '@breakwater/engine/evidence';
import type { Component, Dockerfile, Image, RuntimeEvent } from '@breakwater/model';
import type { AssessmentStore, AssessmentView } from '../assessment/view.ts';
import type { Surroundings } from '../detection/estate-surroundings.ts';
import { subjectOf } from '../ingest/subject-of.ts';
import { findWorkload } from './find-workload.ts';
import { whereNewerAssessment } from './newer-assessment.ts';

/** Surroundings of events from the newest assessment, for policies that ask for them. */
export interface AssessedSurroundings {
  /** Looks up those of containers that were not seen since the newest assessment; nothing where there are none. */
  prepare(events: readonly RuntimeEvent[]): Promise<void> | undefined;
  /** As far as they were looked up. */
  of(event: RuntimeEvent): Surroundings;
}

/** Containers that are kept in mind; images hold many files. */
const MOST_KEPT = 500;
/** Looked up for one batch: whoever sends many containers at once waits for few. */
const MOST_AT_ONCE = 20;

/** Under which name build recipes are kept among documents of the store, by image reference as manifests write it. */
export const RECIPES_DOCUMENT = ['incidents', 'recipes'] as const;
type Recipes = Record<string, Dockerfile>;

/** Opens them; `now` gives milliseconds. */
export function assessedSurroundings(
  view: AssessmentView & Pick<AssessmentStore, 'readDocument'>,
  now: () => number,
): AssessedSurroundings {
  let recipes: Recipes = {};
  const kept = new Map<string, Surroundings>();
  let isAssessed = false;
  const refresh = whereNewerAssessment(view, now, async (time) => {
    kept.clear();
    // Our own: they were written with the assessment.
    recipes = ((await view.readDocument(...RECIPES_DOCUMENT)) as Recipes | undefined) ?? {};
    isAssessed = time !== '';
  });
  /** Events of containers that were not looked up, one of each. */
  const unseen = (events: readonly RuntimeEvent[]): Map<string, RuntimeEvent> => {
    const found = new Map<string, RuntimeEvent>();
    let last: RuntimeEvent | undefined;
    for (const event of isAssessed ? events : []) {
      if (event.pod === last?.pod && event.container === last?.container && last !== undefined) continue;
      last = event;
      const key = keyOf(event);
      if (!kept.has(key) && found.size < MOST_AT_ONCE) found.set(key, event);
    }
    return found;
  };
  const lookUpAll = async (found: ReadonlyMap<string, RuntimeEvent>): Promise<void> => {
    for (const [key, event] of found) {
      const subject = subjectOf(event);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, subject === undefined ? {} : await lookUp(view, subject, event, recipes));
    }
  };
  return {
    prepare(events) {
      const refreshed = refresh();
      if (refreshed !== undefined) return refreshed.then(() => lookUpAll(unseen(events)));
      const found = unseen(events);
      return found.size === 0 ? undefined : lookUpAll(found);
    },
    of: (event) => kept.get(keyOf(event)) ?? {},
  };
}

const keyOf = ({ pod, container }: RuntimeEvent): string =>
  `${pod?.cluster ?? ''}\0${pod?.namespace ?? ''}\0${pod?.workload ?? pod?.name ?? ''}\0${container?.name ?? ''}\0${container?.image ?? ''}`;

async function lookUp(
  view: AssessmentView,
  subject: string,
  event: RuntimeEvent,
  recipes: Recipes,
): Promise<Surroundings> {
  const found = await findWorkload(view, subject, event);
  if (found === undefined) return {};
  const { workload, exposures, ranked } = found;
  const at = workload.containers.findIndex(({ name }) => name === event.container?.name);
  const named = workload.containers[at]?.image ?? event.container?.image;
  const running =
    ranked.images.find(({ reference }) => reference === named) ??
    (ranked.images.length === 1 ? ranked.images[0] : undefined);
  const image = running?.image === undefined ? undefined : (await view.image(running.image))?.image;
  const dockerfile = named !== undefined && Object.hasOwn(recipes, named) ? recipes[named] : undefined;
  return {
    workload: workload.id,
    definition: workload,
    exposure: exposures,
    ...(image && imageSurroundings(image)),
    ...(dockerfile && { dockerfile }),
  };
}

function imageSurroundings(image: Image): Surroundings {
  const ownership = createOwnership(image.components);
  const byId = new Map(image.components.map((component) => [component.id, component]));
  const componentsOf = (path: string): Component[] => ownership.owners(path).flatMap((id) => byId.get(id) ?? []);
  return { image, componentsOf, ownersOf: (path) => componentsOf(path).map(({ name }) => name) };
}
