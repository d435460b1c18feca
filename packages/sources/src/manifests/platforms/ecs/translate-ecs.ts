import type { Place } from '@breakwater/model';
import type { PlatformDocument, Translated } from '../platform-document.ts';
import { fieldOf, isWrittenList, type Written, writtenOf } from '../written.ts';
import { type EcsService, familyOf, readService } from './read-service.ts';
import { translateTask } from './translate-task.ts';

/**
 * Task definitions as they are registered or as `describe-task-definition` prints them, and services that run them
 * (`create-service`, `describe-services`), which say how often and behind what.
 */
export function translateEcs(documents: readonly PlatformDocument[]): Translated {
  const result: Translated = { objects: [], unknowns: [] };
  const roots = documents.map(({ source, document, line, value }) => {
    const place: Place = { source, document, line };
    return writtenOf(value, place);
  });
  const services = roots.flatMap(servicesIn).map(readService);
  const byFamily = Map.groupBy(services, ({ family }) => family);
  const families = new Set<string>();
  for (const task of roots.flatMap(tasksIn)) {
    const family = familyOf(fieldOf(task, 'family')) ?? nameOfFile(task.place.source);
    families.add(family);
    const { object, unknowns } = translateTask(family, task, byFamily.get(family) ?? []);
    result.objects.push(object);
    result.unknowns.push(...unknowns);
  }
  result.unknowns.push(...services.filter(({ family }) => !families.has(family)).map(taskMissing));
  return result;
}

function tasksIn(root: Written): Written[] {
  if (isWrittenList(root)) return root.value.flatMap(tasksIn);
  const printed = fieldOf(root, 'taskDefinition');
  const task = isWrittenList(fieldOf(printed, 'containerDefinitions')) ? printed : root;
  return fieldOf(task, 'containerDefinitions') === undefined ? [] : [task!];
}

function servicesIn(root: Written): Written[] {
  if (isWrittenList(root)) return root.value.flatMap(servicesIn);
  const printed = fieldOf(root, 'services');
  if (isWrittenList(printed)) return printed.value.flatMap(servicesIn);
  return typeof fieldOf(root, 'taskDefinition')?.value === 'string' ? [root] : [];
}

function nameOfFile(source: string): string {
  return source
    .split('/')
    .at(-1)!
    .replace(/\.json$/i, '');
}

function taskMissing({ name, family, place }: EcsService) {
  return {
    code: 'task-definition-missing',
    message: `Service ${name} runs task definition ${family}, which is not among these files: what it runs was not judged`,
    place,
    hint: `Save it beside: aws ecs describe-task-definition --task-definition ${family}`,
  };
}
