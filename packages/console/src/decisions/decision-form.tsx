import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { RequestError } from '../client/fetch-route.ts';
import styles from './decisions.module.css';

const DAY = 86_400_000;
/** Days that are proposed: long enough for the next release, short enough to be looked at again. */
const PROPOSED = 30;

/** What somebody answers with: who, why, and until when. */
export interface Answer {
  owner: string;
  reason: string;
  expires: string;
}

interface DecisionFormProps {
  /** What is decided, as the words of the button. */
  verb: string;
  /** What is asked for beside the reason. */
  asks: readonly ('owner' | 'expires')[];
  /** An example of a good reason. */
  example: string;
  pending: boolean;
  error: RequestError | null;
  /** Whether anything is chosen that it would be about. */
  ready?: boolean;
  send: (answer: Answer) => void;
  close: () => void;
  children: ReactNode;
}

/** A decision with who answers for it: nothing is decided without a reason, and nothing is accepted for ever. */
export function DecisionForm({
  verb,
  asks,
  example,
  pending,
  error,
  ready = true,
  send,
  close,
  children,
}: DecisionFormProps) {
  const [answer, setAnswer] = useState<Answer>(() => ({ owner: '', reason: '', expires: dayIn(PROPOSED) }));
  const change = (part: Partial<Answer>) => setAnswer({ ...answer, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(answer);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {children}
      <TextInput
        label="Why"
        withAsterisk={false}
        placeholder={example}
        required
        minLength={3}
        maxLength={1000}
        data-autofocus
        value={answer.reason}
        onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
      />
      {asks.length > 0 && (
        <div className={styles.pair}>
          {asks.includes('owner') && (
            <TextInput
              label="Who answers for it"
              withAsterisk={false}
              placeholder="team shop"
              required
              maxLength={200}
              value={answer.owner}
              onChange={({ currentTarget }) => change({ owner: currentTarget.value })}
            />
          )}
          {asks.includes('expires') && (
            <TextInput
              type="date"
              label="Until"
              withAsterisk={false}
              required
              min={dayIn(0)}
              value={answer.expires}
              onChange={({ currentTarget }) => change({ expires: currentTarget.value })}
            />
          )}
        </div>
      )}
      {error !== null && (
        <p role="alert" className={styles.error}>
          {error.message} {error.hint} <code>{error.code}</code>
        </p>
      )}
      <div className={styles.actions}>
        <Button type="submit" size="xs" className={styles.act} loading={pending} disabled={!ready}>
          {verb}
        </Button>
        <Button variant="default" size="xs" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

const dayIn = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
