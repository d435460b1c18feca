import { APPLICATIONS } from '../applications/applications.ts';
import { factsOfRelease } from './facts-of-release.ts';

for (const application of APPLICATIONS)
  for (const release of application.releases)
    try {
      const facts = await factsOfRelease(application, release);
      process.stdout.write(
        `${application.name} ${release.tag} ${facts.filesKnown} ${facts.files.length} ${facts.id}\n`,
      );
    } catch (error) {
      process.stdout.write(`${application.name} ${release.tag}: ${error instanceof Error ? error.stack : ''}\n`);
    }
