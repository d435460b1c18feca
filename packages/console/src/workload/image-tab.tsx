import { type Container, formatPlace, type WorkloadStory } from '@breakwater/model';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { imageAddress } from '../client/addresses.ts';
import styles from './workload.module.css';

/** Its containers: which image each runs, and with what rights. */
export function ImageTab({ story: { workload, ranked } }: { story: WorkloadStory }) {
  return (
    <div className={styles.story}>
      {workload.containers.map((container) => (
        <section key={container.name} className="panel" aria-label={`Container ${container.name}`}>
          <header>
            <h2>{container.name}</h2>
            <span>{container.role === 'main' ? 'container' : `${container.role} container`}</span>
          </header>
          <dl className={styles.facts}>
            <Fact name="Image">
              <ImageLink
                reference={container.image}
                image={ranked.images.find(({ reference }) => reference === container.image)?.image}
              />
            </Fact>
            <Fact name="Rights">{rightsOf(container).join(', ')}</Fact>
            <Fact name="Ports">
              {container.ports.length === 0
                ? 'none declared'
                : container.ports.map((port) => `${port.containerPort}/${port.protocol.toLowerCase()}`).join(', ')}
            </Fact>
            <Fact name="Mounts">
              {container.mounts.length === 0
                ? 'none'
                : container.mounts.map(({ path, readOnly }) => `${path}${readOnly ? ' (read-only)' : ''}`).join(', ')}
            </Fact>
          </dl>
        </section>
      ))}
      <section className="panel" aria-labelledby="definition">
        <header>
          <h2 id="definition">Pod</h2>
        </header>
        <dl className={styles.facts}>
          <Fact name="Identity">
            {workload.serviceAccount}
            {workload.automountToken === false ? ', token not mounted' : ', token mounted'}
          </Fact>
          <Fact name="Host">{hostShares(workload)}</Fact>
          <Fact name="Defined in">
            {workload.definitions.map((place) => (
              <code key={formatPlace(place)}>{formatPlace(place)} </code>
            ))}
          </Fact>
        </dl>
      </section>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ImageLink({ reference, image }: { reference: string; image: string | undefined }) {
  if (image === undefined) {
    return (
      <>
        <code>{reference || 'none named'}</code> <span className="soft">was not read</span>
      </>
    );
  }
  return (
    <Link href={imageAddress(image)} className="mono">
      {reference}
    </Link>
  );
}

/** What the security context allows, in words, the worst first. */
export function rightsOf({ security }: Pick<Container, 'security'>): string[] {
  const runsAs = security.runAsUser === undefined ? undefined : `user ${security.runAsUser}`;
  return [
    security.privileged ? 'privileged' : '',
    security.capabilitiesAdded.length > 0 ? `adds ${security.capabilitiesAdded.join(', ')}` : '',
    security.runAsUser === 0 ? 'runs as root' : (runsAs ?? (security.runAsNonRoot ? 'not root' : 'may run as root')),
    security.allowPrivilegeEscalation === false ? 'no privilege escalation' : 'privilege escalation allowed',
    security.readOnlyRootFilesystem ? 'read-only root' : 'writable root',
    security.capabilitiesDropped.includes('ALL') ? 'all capabilities dropped' : '',
    security.seccompProfile === undefined ? 'no seccomp profile' : `seccomp ${security.seccompProfile}`,
  ].filter(Boolean);
}

function hostShares({ hostNetwork, hostPID, hostIPC }: WorkloadStory['workload']): string {
  const shares = [hostNetwork && 'network', hostPID && 'processes', hostIPC && 'IPC'].filter(Boolean);
  return shares.length === 0 ? 'shares nothing with its node' : `shares ${shares.join(', ')} with its node`;
}
