/** What the files of a distribution say of it, in their own words. */
export interface Found {
  id: string;
  versionId?: string;
  codename?: string;
  /** `VERSION`, for people: `22.03 (LTS-SP3)`. */
  version?: string;
  name: string;
  like?: string[];
  longTerm?: boolean;
}
