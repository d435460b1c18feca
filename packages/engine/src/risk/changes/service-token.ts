import { editableWorkloads, nodeOf, type Proposer, setField, shortName } from './proposal.ts';

/** Leaves the token of the service account out of pods whose identity may do something. */
export const proposeNoToken: Proposer = (facts) => {
  const able = new Set(facts.identity.grants.map((grant) => grant.identity));
  return editableWorkloads(facts).flatMap((workload) => {
    const identity = facts.identity.tokens.get(workload.id);
    if (identity === undefined || !able.has(identity)) return [];
    return {
      change: {
        id: `no-token:${workload.id}`,
        title: `Leave the token of service account ${workload.serviceAccount} out of ${shortName(workload)}`,
        detail:
          'Pods no longer get a credential for the API server. Check that the workload does not call it: operators, ' +
          'controllers, leader election and some ingress controllers do, and then need their permissions narrowed instead.',
        workloads: [workload.id],
        edits: [setField(workload, [...workload.podSpecPointer, 'automountServiceAccountToken'], false)],
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['identity'] }],
      alike: [
        {
          key: `no-token:${workload.cluster}`,
          title: (workloads) => `Leave the tokens of their service accounts out of ${workloads}`,
        },
      ],
    };
  });
};
