/** A platform of an image index (image-spec, image-index.md). */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string | undefined;
}

/** Node's names of processors as Go's, which images are named by. */
const ARCHITECTURES: Record<string, string> = {
  x64: 'amd64',
  ia32: '386',
  arm: 'arm/v7',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
  loong64: 'loong64',
};

/** The platform whose images run here: `linux/amd64`. Images of Linux run in a virtual machine elsewhere. */
export function hostPlatform(architecture: string = process.arch): string {
  return `linux/${ARCHITECTURES[architecture] ?? architecture}`;
}

/**
 * The first of those offered that runs on the wanted platform: of its very variant, else of one without a variant or,
 * where none is wanted, of any.
 */
export function choosePlatform<Offer extends { platform?: Platform | undefined }>(
  offers: Offer[],
  wanted: string,
): Offer | undefined {
  const [os, architecture, variant] = wanted.split('/');
  const fit = offers.filter(({ platform }) => platform?.os === os && platform?.architecture === architecture);
  const exact = fit.find(({ platform }) => platform?.variant === variant);
  return exact ?? fit.find(({ platform }) => variant === undefined || platform?.variant === undefined);
}

/** `linux/arm/v7`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
