import type { Place } from '@breakwater/model';
import { fieldOf, isWrittenList, type Written } from '../written.ts';

/** What a service of ECS says about the task that it runs. */
export interface EcsService {
  name: string;
  /** Family of the task definition that it runs. */
  family: string;
  cluster: string | undefined;
  replicas: number | undefined;
  launchType: string | undefined;
  /** Its tasks have addresses of the Internet. */
  publicAddress: boolean;
  /** Ports of containers that load balancers lead to. */
  balanced: { container: string; port: number }[];
  place: Place;
}

/** Reads a service, as it is created or described. */
export function readService(service: Written): EcsService {
  const balancers = fieldOf(service, 'loadBalancers');
  const balanced = (isWrittenList(balancers) ? balancers.value : []).flatMap((item) => {
    const container = fieldOf(item, 'containerName')?.value;
    const port = fieldOf(item, 'containerPort')?.value;
    return typeof container === 'string' && typeof port === 'number' ? [{ container, port }] : [];
  });
  const replicas = fieldOf(service, 'desiredCount')?.value;
  const network = fieldOf(service, 'networkConfiguration', 'awsvpcConfiguration', 'assignPublicIp')?.value;
  return {
    name: textOf(fieldOf(service, 'serviceName')) ?? 'without a name',
    family: familyOf(fieldOf(service, 'taskDefinition')) ?? '',
    cluster: shortName(textOf(fieldOf(service, 'cluster')) ?? textOf(fieldOf(service, 'clusterArn'))),
    replicas: typeof replicas === 'number' && Number.isInteger(replicas) ? replicas : undefined,
    launchType: textOf(fieldOf(service, 'launchType')),
    publicAddress: network === 'ENABLED',
    balanced,
    place: service.place,
  };
}

/** `web:3` and `arn:aws:ecs:region:account:task-definition/web:3` are `web`. */
export function familyOf(written: Written | undefined): string | undefined {
  return shortName(textOf(written))?.split(':')[0];
}

/* The last part of an ARN; slashes cannot stand in a name. */
function shortName(text: string | undefined): string | undefined {
  return text?.split('/').at(-1);
}

function textOf(written: Written | undefined): string | undefined {
  return typeof written?.value === 'string' ? written.value : undefined;
}
