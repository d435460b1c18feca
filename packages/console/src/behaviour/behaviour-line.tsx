import type { Behaviour } from '@breakwater/model';
import { actorOf, appletOf, deedOf } from './behaviour-words.ts';

/** A behaviour as words, with its objects as code; without who does it where a heading says that. */
export function BehaviourLine({ behaviour, withActor = false }: { behaviour: Behaviour; withActor?: boolean }) {
  const { verb, object, note } = deedOf(behaviour);
  return (
    <>
      {withActor && (
        <>
          <ActorName behaviour={behaviour} />{' '}
        </>
      )}
      {verb} <code>{object}</code>
      {note !== '' && <span className="soft"> ({note})</span>}
    </>
  );
}

/** Who acts: a path as code, the runtime in words. */
export function ActorName({ behaviour }: { behaviour: Behaviour }) {
  if (behaviour.actor === '') return <span>{actorOf(behaviour)}</span>;
  const applet = appletOf(behaviour);
  return (
    <>
      <code>{behaviour.actor}</code>
      {applet !== undefined && <span className="soft"> ({applet})</span>}
    </>
  );
}
