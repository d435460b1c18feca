import { parsePurl } from '@breakwater/model/purl';
import { describe, expect, it } from 'vitest';
import { distributionOf, distributionOfPurl, packageTypeOf } from './distribution.ts';

describe('a distribution', () => {
  it.each([
    ['debian', '12.5', 'Debian:12'],
    ['Debian GNU/Linux', '12 (bookworm)', 'Debian:12'],
    ['alpine', '3.16.3', 'Alpine:v3.16'],
    ['ubuntu', '22.04', 'Ubuntu:22.04:LTS'],
    ['redhat', '8.9', 'Red Hat:enterprise_linux:8'],
    ['Red Hat Enterprise Linux Server', '7', 'Red Hat:enterprise_linux:7'],
    ['centos', '7.6.1810', 'Red Hat:enterprise_linux:7'],
    ['centos', '8', 'Red Hat:enterprise_linux:8'],
    ['CentOS Stream', '8', undefined],
    ['centos', '9', undefined],
    ['alma', '9.4', 'AlmaLinux:9'],
    ['rocky', '9.3', 'Rocky Linux:9'],
    ['opensuse.leap', '15.6', 'openSUSE:Leap 15.6'],
    ['suse linux enterprise server', '15.3', 'SUSE:Linux Enterprise Server 15 SP3'],
    ['photon', '4.0', 'Photon OS:4.0'],
    ['wolfi', '20230201', 'Wolfi'],
    ['amazon', '2 (Karoo)', undefined],
  ])('called %j %s is judged as %s', (name, version, ecosystem) => {
    expect(distributionOf(name, version)?.ecosystem).toBe(ecosystem);
  });

  it.each(['', '../../etc', 'two words', 'x'.repeat(65)])('is none by the name %j', (name) => {
    expect(distributionOf(name, '1')).toBeUndefined();
  });

  it.each([
    ['pkg:rpm/redhat/a@1?distro=rhel-9.6', 'rhel', 'Red Hat:enterprise_linux:9'],
    ['pkg:rpm/centos/a@1?distro=centos-7.6.1810', 'centos', 'Red Hat:enterprise_linux:7'],
    ['pkg:apk/alpine/a@1?distro=3.16.0', 'alpine', 'Alpine:v3.16'],
    ['pkg:deb/debian/a@1?distro=trixie', 'debian', 'Debian:13'],
    ['pkg:rpm/opensuse/a@1?distro=opensuse.leap-15.6', 'opensuse-leap', 'openSUSE:Leap 15.6'],
    ['pkg:rpm/opensuse/a@1?distro=opensuse-tumbleweed-20220412', 'opensuse-tumbleweed', 'openSUSE:Tumbleweed'],
  ])('is named by the package %s', (purl, id, ecosystem) => {
    expect(distributionOfPurl(parsePurl(purl)!)).toMatchObject({ id, ecosystem });
  });

  it('tells the kind of its packages', () => {
    const kinds = ['alpine', 'ubuntu', 'amzn', 'gentoo'].map((name) => packageTypeOf(distributionOf(name, '1')));
    expect(kinds).toEqual(['apk', 'deb', 'rpm', undefined]);
  });
});
