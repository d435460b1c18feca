export { compareReleases, type WantedReleases } from './compare-releases.ts';
export { openProfileViews, type ProfileViews, type ProfileViewsOptions } from './open-profile-views.ts';
export { byNeed, summariseProfile } from './summarise-profile.ts';
