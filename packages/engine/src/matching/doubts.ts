import type { Component, MatchDoubt, VulnerabilityMatch } from '@breakwater/model';

/** What doubts change of a match. */
type Doubtful = Pick<VulnerabilityMatch, 'confidence' | 'doubts' | 'reason'>;

/** Who builds the packages of a distribution, as its rpms say; a deb names only who else did. */
const BUILDERS: readonly [ecosystem: RegExp, vendor: RegExp][] = [
  [/^AlmaLinux/, /alma/i],
  [/^(?:Debian|Ubuntu)/, /debian|ubuntu|canonical/i],
  [/^Red Hat/, /red ?hat|centos/i],
  [/^Rocky Linux/, /rocky|resf/i],
  [/^openSUSE/, /suse/i],
  [/^SUSE/, /suse/i],
  [/^Azure Linux/, /microsoft/i],
  [/^Photon OS/, /vmware|broadcom/i],
  [/^Mageia/, /mageia/i],
  [/^openEuler/, /openeuler/i],
];

/** Packages that hold headers, documents or empty folders, by the names that distributions give them. */
const WITHOUT_CODE =
  /^(?:kernel(?:-[a-z0-9]+)*-(?:headers|devel|doc)|linux-(?:headers|doc|kbuild|libc-dev)|linux-headers-.+|emacs-filesystem|filesystem)$|-(?:docs?|manual|javadoc|manpages|filesystem|headers)$|^(?:manpages|fonts-)/;

/**
 * Whether a package of an operating system holds nothing that could run: its name says so, and none of the files that
 * it is known to own can be run or loaded.
 */
export function isWithoutCode({ type, name, files }: Component): boolean {
  return (
    /^(?:deb|rpm|apk|alpm)$/.test(type) && WITHOUT_CODE.test(name) && files.every((path) => !/\/s?bin\//.test(path))
  );
}

/** Whether somebody else than the distribution built a package, as the package itself says. */
export function isThirdParty({ ecosystem, vendor }: Component): boolean {
  if (ecosystem === undefined || vendor === undefined || vendor.trim() === '') return false;
  const builder = BUILDERS.find(([family]) => family.test(ecosystem))?.[1];
  return builder !== undefined && !builder.test(vendor);
}

/** A flaw as it stands for one component: what makes the component itself doubtful lowers the confidence. */
export function withDoubts<T extends Doubtful>(flaw: T, component: Component, more: readonly Doubt[] = []): T {
  const doubts = [...more, ...doubtsOf(component)];
  return doubts.length === 0 ? flaw : addDoubts(flaw, doubts);
}

/** What lowers the confidence of a match: its kind, and a sentence's end that says why. */
export type Doubt = readonly [kind: MatchDoubt, reason: string];

/** Adds doubts to a flaw, each in words and as data. */
export function addDoubts<T extends Doubtful>(flaw: T, doubts: readonly Doubt[]): T {
  return {
    ...flaw,
    confidence: 'low',
    doubts: [...new Set([...(flaw.doubts ?? []), ...doubts.map(([kind]) => kind)])],
    reason: [flaw.reason, ...doubts.map(([, reason]) => reason)].join('; '),
  };
}

const GUESSES = { manifest: 'its manifest', 'file-name': 'the name of its file', text: 'a text in it' } as const;

function doubtsOf(component: Component): Doubt[] {
  const { guessedFrom, vendor = '' } = component;
  const doubts: Doubt[] = [];
  if (guessedFrom !== undefined)
    doubts.push(['guessed-identity', `what it is was concluded from ${GUESSES[guessedFrom]}`]);
  if (isThirdParty(component))
    doubts.push(['third-party', `${vendor} built it, whose versions the distribution's advisories do not know`]);
  if (isWithoutCode(component)) doubts.push(['no-code', 'it holds nothing that runs']);
  return doubts;
}
