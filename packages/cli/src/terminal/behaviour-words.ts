import type { Behaviour } from '@breakwater/model';
import { dim, plain, red } from './style.ts';

/** A behaviour in words: `runs /bin/sh, by /usr/sbin/nginx`. */
export function behaviourWords(behaviour: Behaviour): string {
  const [what, who] = behaviourColumns(behaviour);
  return `${what} ${who}`;
}

/** What, and by whom. */
export function behaviourColumns({ dimension, actor, access, object, inImage, applet }: Behaviour): [string, string] {
  const verb = dimension === 'open' ? (access ?? 'opens') : dimension;
  const called = applet !== undefined && dimension === 'exec' ? ` as ${plain(applet)}` : '';
  const foreign = inImage === false ? red(' (not in the image)') : '';
  const who = actor === '' ? 'by the container runtime' : `by ${plain(actor)}`;
  return [`${verb} ${plain(object)}${called}${foreign}`, dim(who)];
}
