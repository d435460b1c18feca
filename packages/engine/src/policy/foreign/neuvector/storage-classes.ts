import { listOf, recordOf, textOf } from '../../loose-values.ts';
import type { JudgedObject } from './judged-object.ts';

/**
 * Names of the storage classes that an object asks for: a claim itself, the templates of a StatefulSet, or the claims that
 * its pods mount. Undefined for a claim that is not in view.
 */
export function claimClasses(judged: JudgedObject): (string | undefined)[] {
  const { kind, object, pod } = judged;
  if (kind === 'PersistentVolumeClaim') return [classOf(object)];
  const spec = recordOf(object['spec']);
  const templates = listOf(spec['volumeClaimTemplates']);
  if (kind === 'StatefulSet') return templates.map(classOf);
  return listOf(recordOf(pod['spec'])['volumes'])
    .map((volume) => textOf(recordOf(recordOf(volume)['persistentVolumeClaim'])['claimName']))
    .filter((name) => name !== '')
    .map((name) => classOfClaim(name, judged));
}

const classOf = (claim: unknown): string => textOf(recordOf(recordOf(claim)['spec'])['storageClassName']);

function classOfClaim(name: string, { estate }: JudgedObject): string | undefined {
  const claims = recordOf(recordOf(estate)['within'])['PersistentVolumeClaim'];
  const claim = listOf(claims).find((one) => recordOf(recordOf(one)['metadata'])['name'] === name);
  return claim === undefined ? undefined : classOf(claim);
}
