import type { PendingBehaviour } from '@breakwater/model';
import { useAction } from '../client/send-action.ts';
import { DecisionForm } from '../decisions/decision-form.tsx';
import { Floating } from '../frame/floating.tsx';
import { useFocusBack } from '../frame/use-focus-back.ts';
import styles from './behaviour.module.css';
import { BehaviourLine } from './behaviour-line.tsx';

/** What is decided about a behaviour. */
export type Decision = 'accept' | 'hold';

interface DecideDialogProps {
  decision: Decision;
  behaviour: PendingBehaviour;
  subject: string;
  container: string | undefined;
  close: () => void;
}

/** Allows a behaviour until a day, or holds it for good; of one behaviour of one container, and no other. */
export function DecideDialog({ decision, behaviour: pending, subject, container, close }: DecideDialogProps) {
  useFocusBack();
  const accept = useAction('/api/profiles/{subject}/accept', { subject });
  const hold = useAction('/api/profiles/{subject}/hold', { subject });
  const about = { keys: [pending.key], ...(container !== undefined && { container }) };
  const isAccept = decision === 'accept';
  const { isPending, error } = isAccept ? accept : hold;
  return (
    <Floating label={isAccept ? 'Allow this behaviour' : 'Block this behaviour'} size="lg" close={close}>
      <DecisionForm
        verb={isAccept ? 'Allow' : 'Block'}
        asks={isAccept ? ['owner', 'expires'] : ['owner']}
        example={isAccept ? 'the new health check runs it' : 'nothing of ours starts a shell'}
        pending={isPending}
        error={error}
        send={({ owner, reason, expires }) =>
          isAccept
            ? accept.mutate({ ...about, owner, reason, expires }, { onSuccess: close })
            : hold.mutate({ ...about, owner, reason }, { onSuccess: close })
        }
        close={close}
      >
        <p className={styles.covered}>
          <BehaviourLine behaviour={pending.behaviour} withActor />
        </p>
        <p className="soft">
          {isAccept
            ? 'This behaviour of this container, and no other, is taken for known until that day. Then it has to prove itself again.'
            : 'However often it comes, it is not taken for known. Where its dimension is settled and blocking is on, it is refused.'}{' '}
          {subject}
          {container !== undefined && `, container ${container}`}.
        </p>
      </DecisionForm>
    </Floating>
  );
}
