import type { Container, Workload } from '@breakwater/model';
import { dangerOf, knownPath, normalPath, type PathDanger, socketAt } from './escape-paths.ts';
import type { SettingName } from './settings.ts';
import type { Escape, EscapeContext } from './way-out.ts';

/** Ways through what a container mounts of its node, by a host path or by a claim whose volume is one. */
export function pathEscapes(workload: Workload, container: Container, context: EscapeContext): Escape[] {
  return container.mounts.flatMap((mount) => {
    const volume = workload.volumes.find(
      ({ name, kind }) => name === mount.volume && (kind === 'hostPath' || kind === 'persistentVolumeClaim'),
    );
    if (volume === undefined) return [];
    const behind = volume.kind === 'hostPath' ? volume.from : context.hostPathOfClaim?.(volume.from ?? '');
    const claim = volume.kind === 'hostPath' ? undefined : volume.from;
    return behind === undefined
      ? []
      : pathEscape(workload, container, behind, { readOnly: mount.readOnly, claim, context });
  });
}

/**
 * Neither a user namespace nor a sandbox hinders it: the kubelet maps the owners of mounted files, so that root of the
 * container is root there, and sandboxes pass mounted files through.
 */
function pathEscape(
  { containers }: Workload,
  container: Container,
  behind: string,
  { readOnly, claim, context }: { readOnly: boolean; claim: string | undefined; context: EscapeContext },
): Escape[] {
  const path = normalPath(behind);
  if (path === undefined || !containers.includes(container)) return [];
  const by = claim === undefined ? '' : `, through claim ${claim}`;
  const way = {
    name: `host-path/${container.name}/${path}/${readOnly ? 'read' : 'write'}`,
    hindrances: plainUser(container),
    doubts: [],
    container,
  };
  const without =
    claim === undefined ? `without the host path ${path}` : 'a volume that does not lie on the node’s disk';
  const socket = socketAt(path);
  if (socket !== undefined)
    return [
      {
        ...way,
        ...socket,
        phrase: `${socket.phrase}${by}`,
        mitigation: `${without}: a read-only mount does not stop it`,
      },
    ];
  const danger = dangerOf(knownPath(path));
  if (danger === undefined && claim !== undefined) return [];
  const { write, read, how, ofControlPlane } = danger ?? unknownPath;
  const byLogs = !readOnly && context.readsLogs === true && /^\/var\/log(\/|$)/.test(path);
  const strength = byLogs ? 'escapeHigh' : readOnly ? read : write;
  if (strength === undefined) return [];
  const what = path === '/' ? 'the whole disk' : path;
  return [
    {
      ...way,
      strength,
      ...(ofControlPlane === 'both' || (readOnly && ofControlPlane === 'read')
        ? { ofControlPlane: true as const }
        : {}),
      phrase: `${readOnly ? 'reads' : 'writes'} ${what} of its node${by}`,
      how: byLogs ? `${how}, and its own token may` : how,
      mitigation: readOnly ? without : `${without}, or with readOnly where reading is enough`,
    },
  ];
}

/** A path that nobody knows gives little; behind a claim it is where the data lie, and gives nothing. */
const unknownPath: PathDanger = {
  write: 'escapeSlight',
  read: undefined,
  how: 'what the node does with this path is not known',
};

/** A process that is not root must become it first. */
export function plainUser({ security }: Container): SettingName[] {
  return security.runAsNonRoot === true || (security.runAsUser ?? 0) > 0 ? ['unprivilegedUserFactor'] : [];
}
