import type { Finding, Phase } from '@breakwater/model';
import { useState } from 'react';
import { count } from '../words/numbers.ts';
import { FindingTable } from './finding-table.tsx';

const PHASES: readonly { phase: Phase; title: string }[] = [
  { phase: 'run', title: 'Running' },
  { phase: 'deploy', title: 'Deployed' },
  { phase: 'build', title: 'Built' },
];

/** Findings by phase; in each those that matter first, the quiet ones when asked for. */
export function FindingGroups({ findings }: { findings: readonly Finding[] }) {
  const [quiet, setQuiet] = useState(false);
  const matter = findings.filter((finding) => finding.matters);
  const shown = quiet || matter.length === 0 ? findings : matter;
  return (
    <>
      {PHASES.map(({ phase, title }) => {
        const ofPhase = shown.filter((finding) => finding.phase === phase);
        const all = findings.filter((finding) => finding.phase === phase).length;
        if (all === 0) return null;
        return (
          <section key={phase} className="panel" aria-label={title}>
            <header>
              <h2>{title}</h2>
              <span>{ofPhase.length === all ? count(all) : `${count(ofPhase.length)} of ${count(all)} matter`}</span>
            </header>
            {ofPhase.length > 0 ? (
              <FindingTable findings={ofPhase} />
            ) : (
              <p className="inside soft">None of these matters here.</p>
            )}
          </section>
        );
      })}
      {matter.length > 0 && matter.length < findings.length && (
        <p>
          <button type="button" className="plain-button" aria-expanded={quiet} onClick={() => setQuiet(!quiet)}>
            {quiet ? 'Show only those that matter' : `Show all ${count(findings.length)}, quiet ones too`}
          </button>
        </p>
      )}
    </>
  );
}
