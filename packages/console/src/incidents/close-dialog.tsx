import { useAction } from '../client/send-action.ts';
import { DecisionForm } from '../decisions/decision-form.tsx';
import { Floating } from '../frame/floating.tsx';
import { useFocusBack } from '../frame/use-focus-back.ts';

/** Closes an incident, with the reason. */
export function CloseDialog({ id, close }: { id: string; close: () => void }) {
  useFocusBack();
  const { mutate, isPending, error } = useAction('/api/incidents/{id}/close', { id });
  return (
    <Floating label="Close this incident" size="lg" close={close}>
      <DecisionForm
        verb="Close it"
        asks={[]}
        example="looked at; the image was rebuilt"
        pending={isPending}
        error={error}
        send={({ reason }) => mutate({ reason }, { onSuccess: close })}
        close={close}
      >
        <p>
          It is over. Nothing is learned from it, and nothing of it is expected from now on: it opens again when it goes
          on.
        </p>
      </DecisionForm>
    </Floating>
  );
}
