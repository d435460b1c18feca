import { APPLICATIONS } from '../applications/applications.ts';
import { buildImage } from './build-images.ts';

/** First releases first, so that a recording can begin while later ones are built. */
for (const index of [0, 2, 1, 3, 4])
  for (const application of APPLICATIONS) {
    const release = application.releases[index];
    if (release === undefined) continue;
    try {
      process.stdout.write(`${buildImage(application, release)}\n`);
    } catch (error) {
      process.stdout.write(`${application.name} ${release.tag}: ${error instanceof Error ? error.message : ''}\n`);
    }
  }
