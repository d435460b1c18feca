import { z } from 'zod';
import { AdmissionView } from './admission.ts';
import { AdmissionOutlook } from './admission-outlook.ts';
import { AdvisoryStatus, Severity } from './advisory.ts';
import { ClusterList } from './cluster-report.ts';
import { EstateMap } from './estate-map.ts';
import { Explanation, Finding } from './finding.ts';
import { Incident } from './incident.ts';
import {
  CloseIncident,
  Contained,
  ContainIncident,
  Containment,
  ExpectIncident,
  IncidentPage,
} from './incident-views.ts';
import { LearnedProfile } from './learned-profile.ts';
import { Unknown } from './place.ts';
import { Enforcement, Phase } from './policy.ts';
import { AcceptBehaviours, HoldBehaviours, ProfilePage, ReleaseComparison } from './profile-views.ts';
import { QuestionSheet } from './question.ts';
import { RankedFix, RankedWorkload, Ranking } from './ranking.ts';
import { RegistryEventList, RegistryList, RegistrySprawl, WatchedTagPage } from './registry.ts';
import { ImageStory, ImageSummary, Progress, WorkloadStory } from './story.ts';

/** RFC 9457, as every error of the API. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** Our error's `code` and `hint`. */
  code: z.string(),
  hint: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** `GET /api/summary`: the headline of the ranking without its lists. */
export const Summary = Ranking.omit({ workloads: true, fixes: true, unknowns: true }).extend({
  workloads: z.number().int(),
  clusters: z.number().int(),
  images: z.number().int(),
  unknowns: z.number().int(),
  /** The first five fixes and what they remove together, for the headline. */
  topFixes: z.array(RankedFix),
  /** Expected loss at earlier computations, oldest first. */
  trend: z.array(z.object({ time: z.string(), loss: z.number() })),
  /** Clusters and their namespaces, for the choice of a scope. */
  scopes: z.array(z.object({ cluster: z.string(), namespaces: z.array(z.string()) })).optional(),
  /** Workloads with any runtime events at all, and alerts among the runtime findings. */
  running: z.object({ observed: z.number().int(), alerts: z.number().int() }).optional(),
  /** Images that workloads name and that could not be read, in part or at all; `images` counts those that could. */
  unreadImages: z.number().int().optional(),
});
export type Summary = z.infer<typeof Summary>;

/** Query of every list: pages by cursor, search over names, filter by scope. */
export const ListQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: z.string().max(200).optional(),
  namespace: z.string().max(253).optional(),
  cluster: z.string().max(253).optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.number().int(), nextCursor: z.string().optional() });

/** `GET /api/workloads`: riskiest first. `rank` counts over the whole estate, whatever the filter. */
export const WorkloadPage = page(RankedWorkload.extend({ rank: z.number().int() }));
export type WorkloadPage = z.infer<typeof WorkloadPage>;

/** `GET /api/images`. */
export const ImagePage = page(ImageSummary);
export type ImagePage = z.infer<typeof ImagePage>;

/** `GET /api/findings`: those that matter first, then by severity. */
export const FindingPage = page(Finding);
export type FindingPage = z.infer<typeof FindingPage>;

/** `GET /api/findings/{key}`: a finding with its chain. */
export const FindingStory = z.object({ finding: Finding, explanation: Explanation });
export type FindingStory = z.infer<typeof FindingStory>;

/** `GET /api/fixes`. */
export const FixList = z.object({ items: z.array(RankedFix) });
export type FixList = z.infer<typeof FixList>;

/** `GET /api/fixes/{n}`: the fix with its patch in unified diff form, empty where no file at hand can carry it. */
export const FixStory = z.object({ fix: RankedFix, patch: z.string(), notes: z.array(z.string()) });
export type FixStory = z.infer<typeof FixStory>;

/** `GET /api/unknowns`. */
export const UnknownList = z.object({ items: z.array(Unknown) });
export type UnknownList = z.infer<typeof UnknownList>;

/** A policy and how the estate stands to it. */
export const PolicySummary = z.object({
  name: z.string(),
  title: z.string(),
  why: z.string(),
  severity: Severity,
  phases: z.array(Phase),
  enforcement: z.object({ build: Enforcement.optional(), deploy: Enforcement.optional(), run: Enforcement.optional() }),
  passed: z.number().int(),
  failed: z.number().int(),
  unknown: z.number().int(),
  excepted: z.number().int(),
});
export type PolicySummary = z.infer<typeof PolicySummary>;

/** `GET /api/policies`. */
export const PolicyList = z.object({ items: z.array(PolicySummary) });
export type PolicyList = z.infer<typeof PolicyList>;

/** `GET /api/status`: what this server is and what it last read. */
export const Status = z.object({
  version: z.string(),
  startedAt: z.string(),
  /** Folders and archives that are read, as given. */
  paths: z.array(z.string()),
  lastRanked: z.string().optional(),
  progress: Progress,
  advisories: AdvisoryStatus,
  store: z.enum(['sqlite', 'postgresql']),
});
export type Status = z.infer<typeof Status>;

/** Every JSON route under `/api`, by its path, for the server and the console's client alike. Progress is a server-sent stream at `/api/progress`. */
export const ROUTES = {
  '/api/summary': Summary,
  '/api/ranking': Ranking,
  '/api/workloads': WorkloadPage,
  '/api/workloads/{id}': WorkloadStory,
  '/api/images': ImagePage,
  '/api/images/{id}': ImageStory,
  '/api/findings': FindingPage,
  '/api/findings/{key}': FindingStory,
  '/api/explain/{id}': Explanation,
  '/api/fixes': FixList,
  '/api/fixes/{n}': FixStory,
  '/api/unknowns': UnknownList,
  '/api/policies': PolicyList,
  '/api/questions': QuestionSheet,
  '/api/map': EstateMap,
  '/api/registries': RegistryList,
  '/api/registries/tags': WatchedTagPage,
  '/api/registries/events': RegistryEventList,
  '/api/registries/sprawl': RegistrySprawl,
  '/api/clusters': ClusterList,
  '/api/admission': AdmissionView,
  '/api/admission/outlook': AdmissionOutlook,
  '/api/profiles': ProfilePage,
  '/api/profiles/{subject}': LearnedProfile,
  '/api/profiles/{subject}/releases': ReleaseComparison,
  '/api/incidents': IncidentPage,
  '/api/incidents/{id}': Incident,
  '/api/incidents/{id}/containment': Containment,
  '/api/status': Status,
} as const;

/** Every route that does something for who is signed in: what it takes, and what it answers. */
export const ACTIONS = {
  '/api/profiles/{subject}/accept': { request: AcceptBehaviours, answer: LearnedProfile },
  '/api/profiles/{subject}/hold': { request: HoldBehaviours, answer: LearnedProfile },
  '/api/incidents/{id}/expect': { request: ExpectIncident, answer: Incident },
  '/api/incidents/{id}/close': { request: CloseIncident, answer: Incident },
  '/api/incidents/{id}/contain': { request: ContainIncident, answer: Contained },
} as const;
