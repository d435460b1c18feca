import { readFileSync } from 'node:fs';
import { type Assessment, viewAssessment } from '@breakwater/app/assessment';
import { explain } from '@breakwater/app/explain';
import { patchFix } from '@breakwater/app/fix';
import type { JudgedEstate } from '@breakwater/app/questions';
import { UserError } from '@breakwater/model';
import { assessWithProgress, namedJudging } from '../assess.ts';
import { clusterReading } from '../cluster-options.ts';
import type { Invocation } from '../command.ts';
import { readLastPaths, rememberPaths } from '../last-paths.ts';
import { plain } from '../terminal/style.ts';
import type { Answers } from './answers.ts';
import { askServer } from './server-answers.ts';

/**
 * Who answers this invocation: with paths, this process reads them; without, the running server, or else the paths that
 * this working folder ranked last, read again.
 */
export async function openAnswers(invocation: Invocation, paths: string[]): Promise<Answers> {
  if (paths.length > 0) {
    const judging = namedJudging(invocation);
    const clusters = clusterReading(invocation);
    const judged = await judge(invocation, paths, judging, clusters);
    await rememberPaths(invocation.state, process.cwd(), { paths, ...judging, clusters }).catch((error: Error) => {
      if (invocation.options['quiet'] !== true)
        process.stderr.write(
          `Name the paths again for fix and explain: they could not be kept (${plain(error.message)}).\n`,
        );
    });
    return answerFrom(invocation.state, judged);
  }
  const server = await askServer(invocation.state);
  if (server) return server;
  const last = await readLastPaths(invocation.state, process.cwd());
  if (last) {
    const { paths: ranked, clusters, ...judging } = last;
    return answerFrom(invocation.state, await judge(invocation, ranked, judging, clusters));
  }
  throw new UserError(
    'There is nothing to read: no path was given, none was ranked in this folder before, and no server runs.',
    {
      code: 'path-missing',
      hint: 'Try `breakwater rank k8s/ images/`.',
    },
  );
}

/** An assessment, and on request everything that it was made from. */
interface Judged {
  assessment: Assessment;
  whole(): Promise<JudgedEstate>;
}

async function judge(
  invocation: Invocation,
  paths: string[],
  judging: Parameters<typeof assessWithProgress>[2],
  clusters: Parameters<typeof assessWithProgress>[3],
): Promise<Judged> {
  let gathered: Parameters<NonNullable<Parameters<typeof assessWithProgress>[4]>> | undefined;
  const assessment = await assessWithProgress(invocation, paths, judging, clusters, (...facts) => {
    gathered = facts;
  });
  return {
    assessment,
    async whole() {
      const { keepJudged } = await import('@breakwater/app/questions');
      const kept = keepJudged();
      if (gathered) kept.onGathered(...gathered);
      return kept.judged(assessment);
    },
  };
}

function answerFrom(state: string, { assessment, whole }: Judged): Answers {
  const view = viewAssessment(assessment);
  return {
    ranking: async () => assessment.ranking,
    async questions(n) {
      const [{ answerQuestions, locateEvidence }, { admissionView }] = await Promise.all([
        import('@breakwater/app/questions'),
        import('@breakwater/app/admission'),
      ]);
      const sheet = answerQuestions(await whole(), await admissionView(state));
      return await locateEvidence({ ...sheet, items: sheet.items.filter((item) => n === undefined || item.n === n) });
    },
    explain: (id) => explain(view, id),
    async fix(n) {
      const found = await view.fix(n);
      return found && patchFix(found, (path) => readFileSync(path, 'utf8'));
    },
  };
}
