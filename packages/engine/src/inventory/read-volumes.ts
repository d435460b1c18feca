import type { Volume } from '@breakwater/model';
import type { Fields } from './fields.ts';

/** Volume sources that say where their content comes from, and the field that says it. */
const SOURCES: [key: Volume['kind'], field: string][] = [
  ['hostPath', 'path'],
  ['secret', 'secretName'],
  ['configMap', 'name'],
  ['persistentVolumeClaim', 'claimName'],
];

/**
 * Volumes of a pod. A projected volume is followed by one `secret` entry of the same name for each secret in it, so that
 * who asks for mounted secrets finds them; claim templates of a StatefulSet are volumes too.
 */
export function readVolumes(podSpec: Fields, spec: Fields): Volume[] {
  const claims = spec.children('volumeClaimTemplates').map((claim): Volume => {
    const name = claim.child('metadata').string('name') ?? '';
    return { name, kind: 'persistentVolumeClaim', from: name };
  });
  return [...podSpec.children('volumes').flatMap(readVolume), ...claims];
}

function readVolume(volume: Fields): Volume[] {
  const name = volume.string('name') ?? '';
  for (const [kind, field] of SOURCES) {
    if (!volume.has(kind)) continue;
    const from = volume.child(kind).string(field);
    return [from === undefined ? { name, kind } : { name, kind, from }];
  }
  if (volume.has('projected')) return [{ name, kind: 'projected' }, ...projectedSecrets(volume, name)];
  return [{ name, kind: volume.has('emptyDir') ? 'emptyDir' : 'other' }];
}

function projectedSecrets(volume: Fields, name: string): Volume[] {
  const secrets = volume
    .child('projected')
    .children('sources')
    .filter((source) => source.has('secret'));
  return secrets.map((source) => ({ name, kind: 'secret', from: source.child('secret').string('name') ?? '' }));
}
