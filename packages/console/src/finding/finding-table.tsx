import type { Finding } from '@breakwater/model';
import { useState } from 'react';
import { Link } from 'wouter';
import { useDrawerAddress } from '../client/scope.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { count } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { asSentence } from '../words/sentence-parts.ts';
import styles from './finding.module.css';

/** Rows that are shown before one asks for more. */
const FIRST = 50;

const ORDER: Record<Finding['severity'], number> = { critical: 0, high: 1, medium: 2, low: 3, unknown: 4 };

/** Those that matter first, then by severity, then by name. */
export function byWeight(a: Finding, b: Finding): number {
  return (
    Number(b.matters) - Number(a.matters) || ORDER[a.severity] - ORDER[b.severity] || a.title.localeCompare(b.title)
  );
}

/** What the title does not say: where, for a list over several workloads; else the component, or the message. */
function findingDetail(
  { kind, title, component, version, workload, message }: Finding,
  showsWorkload: boolean,
): string {
  if (kind !== 'vulnerability') return message;
  if (showsWorkload && workload !== undefined) return workload;
  return component === undefined || title.includes(component) ? '' : `${component} ${version ?? ''}`;
}

/** Findings as rows: severity, what, why it matters here, what would mend it. Each opens its chain. */
export function FindingTable(props: { findings: readonly Finding[]; showsWorkload?: boolean }) {
  const { findings, showsWorkload = false } = props;
  const [shown, setShown] = useState(FIRST);
  const drawer = useDrawerAddress();
  return (
    <>
      <div className="scroll-x">
        <table className={`rows ${styles.table}`}>
          <ColumnHeads of={['Severity', 'Finding', { name: 'Why here', className: 'wide-only' }, 'Mended by']} />
          <tbody>
            {findings
              .toSorted(byWeight)
              .slice(0, shown)
              .map((finding) => (
                <tr key={finding.key} data-quiet={!finding.matters}>
                  <td className="tight">
                    <SeverityMark grade={finding.verdict === 'unknown' ? 'unknown' : finding.severity} />
                  </td>
                  <td>
                    <Link href={drawer('finding', finding.key)}>{finding.title}</Link>
                    <p className="soft">{findingDetail(finding, showsWorkload)}</p>
                  </td>
                  <td className="wide-only soft">
                    <Sentence text={asSentence(finding.why)} />
                  </td>
                  <td>
                    {finding.fixedVersion === undefined ? finding.fix : `${finding.component} ${finding.fixedVersion}`}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      {shown < findings.length && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setShown(shown + 200)}>
            Show more of {count(findings.length)}
          </button>
        </p>
      )}
    </>
  );
}
