import type { Finding, FindingStory } from '@breakwater/model';
import { formatPlace } from '@breakwater/model';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { findingAddress, imageAddress, workloadAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { ErrorState, LinesSkeleton } from '../states/states.tsx';
import { Sentence } from '../words/sentence.tsx';
import { asSentence } from '../words/sentence-parts.ts';
import { Chain } from './chain.tsx';
import styles from './finding.module.css';

/** A finding and the chain behind it; alike in the drawer and on its page. */
export default function FindingView({ findingKey, isPage = false }: { findingKey: string; isPage?: boolean }) {
  const { data, error, refetch } = useRoute('/api/findings/{key}', { segments: { key: findingKey } });
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside={!isPage} />;
  if (data === undefined) return <LinesSkeleton lines={8} />;
  return <FindingBody story={data} isPage={isPage} />;
}

function FindingBody({ story: { finding, explanation }, isPage }: { story: FindingStory; isPage: boolean }) {
  const Title = isPage ? 'h1' : 'h3';
  return (
    <article className={styles.body}>
      <div className={styles.marks}>
        <SeverityMark grade={finding.severity} />
        <span className="chip">{verdictWords(finding)}</span>
      </div>
      <Title className={styles.title}>{finding.title}</Title>
      <p className={styles.message}>
        <Sentence text={finding.message} />
      </p>
      <dl className={styles.facts}>
        <Fact name="Where">
          <span className={styles.where}>
            {finding.workload !== undefined && <Link href={workloadAddress(finding.workload)}>{finding.workload}</Link>}
            {finding.workload === undefined && finding.image !== undefined && (
              <Link href={imageAddress(finding.image)}>{finding.subject}</Link>
            )}
            {finding.places.map((place) => (
              <code key={formatPlace(place)}>{formatPlace(place)}</code>
            ))}
          </span>
        </Fact>
        <Fact name={finding.matters ? 'Why it matters here' : 'Why it is quiet here'} text={finding.why} />
        <Fact name="How to fix" text={finding.fix} />
        <Fact name="How sure" text={finding.confidence} />
        <Fact name="Not checked" text={finding.notChecked || 'Nothing was left out.'} />
        {finding.evidence !== undefined && <Fact name="At run time" text={finding.evidence.reason} />}
        {finding.exception !== undefined && <Fact name="Exception" text={finding.exception} />}
      </dl>
      <Chain chain={explanation.chain} />
      {explanation.related.length > 0 && (
        <nav aria-label="Related">
          <h2>Related</h2>
          <ul className={styles.related}>
            {explanation.related.map(({ id, title }) => (
              <li key={id}>
                <Link href={findingAddress(id)}>{title}</Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </article>
  );
}

function Fact(props: { name: string; text?: string; children?: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.text === undefined ? props.children : <Sentence text={asSentence(props.text)} />}</dd>
    </div>
  );
}

const PHASE_WORDS = { build: 'at build', deploy: 'at deployment', run: 'at run time' } as const;
const ENFORCEMENT_WORDS = { audit: 'recorded only', warn: 'warns', block: 'blocks' } as const;

function verdictWords({ verdict, phase, enforcement, matters }: Finding): string {
  const verdictWord = verdict === 'unknown' ? 'Not decided' : verdict === 'pass' ? 'Passed' : 'Failed';
  return `${verdictWord} ${PHASE_WORDS[phase]}, ${ENFORCEMENT_WORDS[enforcement]}, ${matters ? 'matters' : 'quiet'}`;
}
