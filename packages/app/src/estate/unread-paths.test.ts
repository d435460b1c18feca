import { describe, expect, it } from 'vitest';
import { unreadPaths } from './unread-paths.ts';

describe('unreadPaths', () => {
  it('names the paths that gave nothing, however they are spelled', () => {
    const sources = ['k8s/web.yaml', '/srv/images/a.tar', 'repository:shop', 'rootfs:/srv/build'];
    const names = (paths: string[]) => unreadPaths(paths, sources).map(({ place }) => place.source);
    expect(
      names(['k8s', './k8s/', 'k8s/web.yaml', '/srv', '/', '.', 'shop', 'repository:shop', 'rootfs:/srv/build']),
    ).toEqual([]);
    expect(names(['k8', 'k8s/web', 'README.md', '/srv/images/a.tar.gz'])).toEqual([
      'k8',
      'k8s/web',
      'README.md',
      '/srv/images/a.tar.gz',
    ]);
  });
});
