import { translateCompose } from './compose/translate-compose.ts';
import { translateEcs } from './ecs/translate-ecs.ts';
import { translateMarathon } from './marathon/translate-marathon.ts';
import type { PlatformDocument, Translated } from './platform-document.ts';

/**
 * Workloads of Compose, Swarm, ECS and Marathon in the shape of Kubernetes' own. A platform is one function here.
 *
 * @param texts files of variables (`.env`, `env_file`) by source.
 */
export function translatePlatforms(
  documents: readonly PlatformDocument[],
  texts: ReadonlyMap<string, string>,
): Translated {
  const of = (kind: PlatformDocument['kind']): PlatformDocument[] =>
    documents.filter((document) => document.kind === kind);
  const parts = [translateCompose(of('compose'), texts), translateEcs(of('ecs')), translateMarathon(of('marathon'))];
  return {
    objects: parts.flatMap(({ objects }) => objects),
    unknowns: parts.flatMap(({ unknowns }) => unknowns),
  };
}
