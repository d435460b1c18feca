import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { RequestError } from '../client/fetch-route.ts';
import styles from './states.module.css';

/** Nothing to show, why, and the next step. */
export function EmptyState(props: { title: string; children: ReactNode; action?: ReactNode; inside?: boolean }) {
  const Title = props.inside ? 'h2' : 'h1';
  return (
    <div className={`${styles.state} ${props.inside ? styles.inside : ''}`}>
      <Title className={styles.title}>{props.title}</Title>
      <p>{props.children}</p>
      {props.action !== undefined && <div className={styles.actions}>{props.action}</div>}
    </div>
  );
}

/** A request that failed: what, the hint, its code, and a way to try again. */
export function ErrorState({ error, retry, inside = false }: { error: Error; retry: () => void; inside?: boolean }) {
  const known = error instanceof RequestError;
  const Title = inside ? 'h2' : 'h1';
  return (
    <div className={`${styles.state} ${inside ? styles.inside : ''}`} role="alert">
      <Title className={styles.title}>{known ? error.message : 'This page could not be shown'}</Title>
      <p>{known ? (error.hint ?? 'Trying again may help.') : error.message}</p>
      {known && (
        <p>
          <code>{error.code}</code>
        </p>
      )}
      <div className={styles.actions}>
        <Button variant="default" size="xs" onClick={retry}>
          Try again
        </Button>
      </div>
    </div>
  );
}

/** A line that qualifies what is shown: partial, stale. It looks like fog, not like an alarm. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <p className={`told ${styles.notice}`} role="note">
      <span>{children}</span>
    </p>
  );
}

/** What a page looks like before its data is here. */
export function PageSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className={styles.bars} role="status">
      <span className="heard">Loading</span>
      <Skeleton height={28} width="46%" />
      <Skeleton height={16} width="62%" />
      <Skeleton height={96} mt={12} />
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={56} />
      ))}
    </div>
  );
}

/** A few grey lines inside a panel or drawer. */
export function LinesSkeleton({ lines = 5 }: { lines?: number }) {
  return (
    <div className={styles.bars} role="status">
      <span className="heard">Loading</span>
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key, index) => (
        <Skeleton key={key} height={16} width={`${92 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}
