import { readFileSync } from 'node:fs';
import { type Assessment, viewAssessment } from '@breakwater/app/assessment';
import { explain } from '@breakwater/app/explain';
import { patchFix } from '@breakwater/app/fix';
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
    const assessment = await assessWithProgress(invocation, paths, judging, clusters);
    await rememberPaths(invocation.state, process.cwd(), { paths, ...judging, clusters }).catch((error: Error) => {
      if (invocation.options['quiet'] !== true)
        process.stderr.write(
          `Name the paths again for fix and explain: they could not be kept (${plain(error.message)}).\n`,
        );
    });
    return answerFrom(assessment);
  }
  const server = await askServer(invocation.state);
  if (server) return server;
  const last = await readLastPaths(invocation.state, process.cwd());
  if (last) {
    const { paths: ranked, clusters, ...judging } = last;
    return answerFrom(await assessWithProgress(invocation, ranked, judging, clusters));
  }
  throw new UserError(
    'There is nothing to read: no path was given, none was ranked in this folder before, and no server runs.',
    {
      code: 'path-missing',
      hint: 'Try `breakwater rank k8s/ images/`.',
    },
  );
}

function answerFrom(assessment: Assessment): Answers {
  const view = viewAssessment(assessment);
  return {
    ranking: async () => assessment.ranking,
    explain: (id) => explain(view, id),
    async fix(n) {
      const found = await view.fix(n);
      return found && patchFix(found, (path) => readFileSync(path, 'utf8'));
    },
  };
}
