import type { Incident, IncidentEntry } from '@breakwater/model';
import { useState } from 'react';
import { BehaviourLine } from '../behaviour/behaviour-line.tsx';
import { useAction } from '../client/send-action.ts';
import { DecisionForm } from '../decisions/decision-form.tsx';
import { Floating } from '../frame/floating.tsx';
import { useFocusBack } from '../frame/use-focus-back.ts';
import { Sentence } from '../words/sentence.tsx';
import styles from './incidents.module.css';

/** One thing that can be covered: a behaviour by its key, or what a policy says of it. */
interface Coverable {
  id: string;
  kind: 'behaviour' | 'policy';
  value: string;
  entry: IncidentEntry;
}

/** Says that something is expected, shows exactly what that covers, and asks who answers for it until when. */
export function ExpectDialog({ incident, close }: { incident: Incident; close: () => void }) {
  useFocusBack();
  const offered = coverable(incident.entries);
  const [left, setLeft] = useState<ReadonlySet<string>>(() => new Set());
  const { mutate, isPending, error } = useAction('/api/incidents/{id}/expect', { id: incident.id });
  const chosen = offered.filter(({ id }) => !left.has(id));
  const valuesOf = (kind: Coverable['kind']) => chosen.filter((one) => one.kind === kind).map(({ value }) => value);
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <Floating label="This is expected" size="lg" close={close}>
      <DecisionForm
        verb="Expect it"
        asks={['owner', 'expires']}
        example="the nightly backup reads these files"
        pending={isPending}
        error={error}
        ready={chosen.length > 0}
        send={({ owner, reason, expires }) =>
          mutate(
            { owner, reason, expires, keys: valuesOf('behaviour'), policies: valuesOf('policy') },
            { onSuccess: close },
          )
        }
        close={close}
      >
        {offered.length === 0 ? (
          <p>Nothing of it can be expected: it holds no behaviour and no policy. Close it instead.</p>
        ) : (
          <fieldset className={styles.covered}>
            <legend>This is covered, in {incident.subjects.join(', ')}, and nothing else:</legend>
            {offered.map(({ id, kind, value, entry }) => (
              <label key={id}>
                <input type="checkbox" checked={!left.has(id)} onChange={() => toggle(id)} />
                <span>
                  {kind === 'behaviour' && entry.behaviour !== undefined ? (
                    <BehaviourLine behaviour={entry.behaviour} withActor />
                  ) : kind === 'policy' ? (
                    <>
                      policy <code>{value}</code>: <Sentence text={entry.sentence} />
                    </>
                  ) : (
                    <Sentence text={entry.sentence} />
                  )}
                </span>
              </label>
            ))}
          </fieldset>
        )}
      </DecisionForm>
    </Floating>
  );
}

/** New behaviours and alerts: what was prevented or only goes with them needs nobody's word. */
function coverable(entries: readonly IncidentEntry[]): Coverable[] {
  const found = new Map<string, Coverable>();
  const add = (kind: Coverable['kind'], value: string | undefined, entry: IncidentEntry) => {
    const id = `${kind} ${value}`;
    if (value !== undefined && !found.has(id)) found.set(id, { id, kind, value, entry });
  };
  for (const entry of entries) if (entry.kind === 'deviation') add('behaviour', entry.key, entry);
  for (const entry of entries) if (entry.kind === 'alert') add('policy', entry.policy, entry);
  return [...found.values()];
}
