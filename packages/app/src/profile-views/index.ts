export { compareReleases, type WantedReleases } from './compare-releases.ts';
export { byNeed, summariseProfile } from './summarise-profile.ts';
