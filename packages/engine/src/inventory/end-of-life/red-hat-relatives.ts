import type { ProductReleases } from './release-dates.ts';

/** CentOS Stream has the `ID` of CentOS, and only its name tells it. */
export const CENTOS_STREAM: ProductReleases = {
  name: 'CentOS Stream',
  source: 'https://www.centos.org/cl-vs-cs/',
  parts: 1,
  releases: { '8': ['2024-05-31'], '9': ['2027-05-31'] },
};

/** Red Hat Enterprise Linux and those that are made from or for it, by `ID` of os-release. */
export const RED_HAT_RELATIVES: Readonly<Record<string, ProductReleases>> = {
  rhel: {
    name: 'Red Hat Enterprise Linux',
    source: 'https://access.redhat.com/support/policy/updates/errata',
    parts: 1,
    releases: {
      '5': ['2017-03-31', '2020-11-30'],
      '6': ['2020-11-30', '2024-06-30'],
      '7': ['2024-06-30', '2028-06-30'],
      '8': ['2029-05-31', '2032-05-31'],
      '9': ['2032-05-31', '2035-05-31'],
      '10': ['2035-05-31', '2038-05-31'],
    },
  },
  centos: {
    name: 'CentOS Linux',
    source: 'https://www.centos.org/centos-linux-eol/',
    parts: 1,
    releases: { '5': ['2017-03-31'], '6': ['2020-11-30'], '7': ['2024-06-30'], '8': ['2021-12-31'] },
  },
  almalinux: {
    name: 'AlmaLinux',
    source: 'https://wiki.almalinux.org/release-notes/',
    parts: 1,
    releases: { '8': ['2029-03-01'], '9': ['2032-05-31'], '10': ['2035-05-31'] },
  },
  rocky: {
    name: 'Rocky Linux',
    source: 'https://wiki.rockylinux.org/rocky/version/',
    parts: 1,
    releases: { '8': ['2029-05-31'], '9': ['2032-05-31'], '10': ['2035-05-31'] },
  },
  scientific: {
    name: 'Scientific Linux',
    source: 'https://scientificlinux.org/downloads/',
    parts: 1,
    releases: { '6': ['2020-11-30'], '7': ['2024-06-30'] },
  },
  ol: {
    name: 'Oracle Linux',
    source: 'https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf',
    parts: 1,
    releases: {
      '5': ['2017-06-30', '2020-11-30'],
      '6': ['2021-03-31', '2024-12-31'],
      '7': ['2024-12-31', '2028-06-30'],
      '8': ['2029-07-31', '2032-07-31'],
      '9': ['2032-06-30', '2035-06-30'],
    },
  },
  amzn: {
    name: 'Amazon Linux',
    source: 'https://aws.amazon.com/amazon-linux-2/faqs/',
    parts: 1,
    releases: {
      // The first Amazon Linux counted its releases by the year.
      '2014': ['2023-12-31'],
      '2015': ['2023-12-31'],
      '2016': ['2023-12-31'],
      '2017': ['2023-12-31'],
      '2018': ['2023-12-31'],
      '2': ['2026-06-30'],
      '2023': ['2029-06-30'],
    },
  },
  fedora: {
    name: 'Fedora',
    source: 'https://docs.fedoraproject.org/en-US/releases/eol/',
    parts: 1,
    releases: {
      '28': ['2019-05-28'],
      '29': ['2019-11-26'],
      '30': ['2020-05-26'],
      '31': ['2020-11-24'],
      '32': ['2021-05-25'],
      '33': ['2021-11-30'],
      '34': ['2022-06-07'],
      '35': ['2022-12-13'],
      '36': ['2023-05-16'],
      '37': ['2023-12-05'],
      '38': ['2024-05-21'],
      '39': ['2024-11-26'],
      '40': ['2025-05-13'],
      '41': ['2025-12-15'],
      '42': ['2026-05-13'],
    },
  },
};
