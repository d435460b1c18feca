import { describe, expect, it } from 'vitest';
import { askedEcosystems, canonicalEcosystem } from './ecosystem-names.ts';

describe('names of ecosystems', () => {
  it.each([
    ['npm', 'npm'],
    ['NPM', 'npm'],
    ['golang', 'Go'],
    ['pip', 'PyPI'],
    ['composer', 'Packagist'],
    ['crates.io', 'crates.io'],
    ['Maven:https://repo.example/maven2', 'Maven'],
    ['Debian:12', 'Debian:12'],
    ['Debian:12.5', 'Debian:12'],
    ['Debian:bookworm', 'Debian:12'],
    ['debian:12', 'Debian:12'],
    ['Debian:3.1', 'Debian:3.1'],
    ['Debian', 'Debian'],
    ['Alpine:v3.18', 'Alpine:v3.18'],
    ['Alpine:3.18', 'Alpine:v3.18'],
    ['Alpine:v3.18.4', 'Alpine:v3.18'],
    ['Alpine:edge', 'Alpine:edge'],
    ['Root:Alpine:3.18', 'Alpine:v3.18'],
    ['Ubuntu:22.04:LTS', 'Ubuntu:22.04'],
    ['Ubuntu:23.10', 'Ubuntu:23.10'],
    ['Ubuntu:Pro:18.04:LTS', 'Ubuntu:Pro:18.04'],
    ['Ubuntu:Pro:FIPS-updates:20.04:LTS', 'Ubuntu:Pro:FIPS-updates:20.04'],
    ['AlmaLinux:9', 'AlmaLinux:9'],
    ['AlmaLinux:9.4', 'AlmaLinux:9'],
    ['Rocky Linux:8', 'Rocky Linux:8'],
    ['Red Hat:enterprise_linux:9::appstream', 'Red Hat:enterprise_linux:9'],
    ['Red Hat:cpe:/o:redhat:enterprise_linux:8::baseos', 'Red Hat:enterprise_linux:8'],
    ['Red Hat:rhel_eus:9.4::baseos', 'Red Hat:rhel_eus:9.4'],
    ['SUSE:Linux Enterprise Server 15 SP4', 'SUSE:Linux Enterprise 15 SP4'],
    ['SUSE:Linux Enterprise Module for Basesystem 15 SP4', 'SUSE:Linux Enterprise 15 SP4'],
    ['SUSE:Linux Enterprise Server 15 SP2-LTSS', 'SUSE:Linux Enterprise 15 SP2'],
    ['SUSE:Linux Enterprise Server for SAP Applications 12 SP5', 'SUSE:Linux Enterprise 12 SP5'],
    ['SUSE:Linux Enterprise Server 16.0', 'SUSE:Linux Enterprise 16.0'],
    ['SUSE:Linux Enterprise Micro 5.4', 'SUSE:Linux Enterprise Micro 5.4'],
    ['openSUSE:Leap 15.5', 'openSUSE:Leap 15.5'],
    ['openSUSE:Tumbleweed', 'openSUSE:Tumbleweed'],
    ['openEuler:24.03-LTS-SP1', 'openEuler:24.03-LTS-SP1'],
    ['Mageia:9', 'Mageia:9'],
    ['Photon OS:5.0', 'Photon OS:5.0'],
    ['Photon:4', 'Photon OS:4.0'],
    ['Azure Linux:3.0', 'Azure Linux:3'],
    ['CBL-Mariner:2.0', 'Azure Linux:2'],
    ['Wolfi', 'Wolfi'],
    ['chainguard', 'Chainguard'],
    ['MinimOS', 'MinimOS'],
    ['Echo', 'Echo'],
    ['Bitnami', 'Bitnami'],
    ['Something New:1', 'Something New:1'],
  ])('%s is kept as %s', (stated, expected) => {
    expect(canonicalEcosystem(stated)).toBe(expected);
    expect(canonicalEcosystem(expected)).toBe(expected);
  });

  it('are asked with the distribution as a whole, and with the channel that is sold beside a release', () => {
    expect(askedEcosystems('Debian:12')).toEqual(['Debian:12', 'Debian']);
    expect(askedEcosystems('npm')).toEqual(['npm']);
    expect(askedEcosystems('Ubuntu:22.04:LTS')).toEqual(['Ubuntu:22.04', 'Ubuntu', 'Ubuntu:Pro:22.04']);
  });
});
