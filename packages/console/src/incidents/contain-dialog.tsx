import type { ContainmentOption } from '@breakwater/model';
import { useState } from 'react';
import { useRoute } from '../client/queries.ts';
import { useAction } from '../client/send-action.ts';
import { DecisionForm } from '../decisions/decision-form.tsx';
import { Floating } from '../frame/floating.tsx';
import { useFocusBack } from '../frame/use-focus-back.ts';
import { ErrorState, LinesSkeleton, Notice } from '../states/states.tsx';
import { Sentence } from '../words/sentence.tsx';
import { CommandLine } from './command-line.tsx';
import styles from './incidents.module.css';

/** What can be done about an incident: first the plan of each, then a reason, then it is done. */
export function ContainDialog({ id, close }: { id: string; close: () => void }) {
  useFocusBack();
  const plan = useRoute('/api/incidents/{id}/containment', { segments: { id } });
  const { mutate, isPending, error, data } = useAction('/api/incidents/{id}/contain', { id });
  const [wanted, setWanted] = useState('');
  const options = plan.data?.options ?? [];
  const possible = options.filter(({ refusals }) => refusals.length === 0);
  const chosen = possible.find((option) => option.id === wanted) ?? possible[0];
  if (data !== undefined) return <Outcome step={data.step} response={data.response} said={data.said} close={close} />;
  return (
    <Floating label="Contain" size="lg" close={close}>
      {plan.error !== null && <ErrorState error={plan.error} retry={() => void plan.refetch()} inside />}
      {plan.isPending && <LinesSkeleton lines={6} />}
      {plan.data !== undefined && (
        <DecisionForm
          verb={chosen?.needsSecondPerson ? 'Ask a second person' : 'Do it'}
          asks={[]}
          example="a reverse shell in the shop"
          pending={isPending}
          error={error}
          ready={chosen !== undefined}
          send={({ reason }) => chosen !== undefined && mutate({ option: chosen.id, reason })}
          close={close}
        >
          {options.length > 0 && (
            <fieldset className={styles.options}>
              <legend>Nothing was done yet. Choose what is to be done:</legend>
              {options.map((option) => (
                <Option
                  key={option.id}
                  option={option}
                  chosen={option === chosen}
                  choose={() => setWanted(option.id)}
                />
              ))}
            </fieldset>
          )}
          {plan.data.unavailable.map(({ id: what, reason }) => (
            <Notice key={what}>
              <b>{what}</b>: <Sentence text={reason} />
            </Notice>
          ))}
          {options.length + plan.data.unavailable.length === 0 && (
            <p>Nothing of it can be contained from here: no pod, container or workload of it is known.</p>
          )}
        </DecisionForm>
      )}
    </Floating>
  );
}

interface OptionProps {
  option: ContainmentOption;
  chosen: boolean;
  choose: () => void;
}

function Option({ option, chosen, choose }: OptionProps) {
  const { id, summary, target, steps, effects, reversible, refusals, needsSecondPerson } = option;
  return (
    <label className={styles.option} data-chosen={chosen}>
      <input type="radio" name="option" value={id} checked={chosen} disabled={refusals.length > 0} onChange={choose} />
      <span>
        <b>{target}</b>
        <span className="soft">: {summary}</span>
        {chosen && (
          <ul>
            {[...steps, ...effects].map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            <li>{reversible ? 'It can be taken back.' : 'It cannot be taken back.'}</li>
            {needsSecondPerson && <li>Somebody else has to agree before it is done.</li>}
          </ul>
        )}
        {refusals.map((refusal) => (
          <span key={refusal} className={styles.refusal}>
            Not possible: {refusal}
          </span>
        ))}
      </span>
    </label>
  );
}

function Outcome(props: { step: 'asked' | 'done'; response: string; said: readonly string[]; close: () => void }) {
  const { step, response, said, close } = props;
  return (
    <Floating label={step === 'done' ? 'Done' : 'Waits for a second person'} size="lg" close={close}>
      <div className={styles.outcome} role="status">
        {said.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="soft">
          {step === 'done' ? 'To take it back, where that is possible: ' : 'Somebody else agrees with: '}
          <CommandLine text={`breakwater respond ${step === 'done' ? 'undo' : 'approve'} ${response} --reason "..."`} />
        </p>
      </div>
    </Floating>
  );
}
