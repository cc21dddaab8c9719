import { ECS, paginateListClusters, paginateListServices, type Service } from '@aws-sdk/client-ecs';
import { UserError } from '@rockpool/engine/user-error';
import { clientOptions, type Session } from '../session.ts';

/** A service as ECS describes it, with the names by which people call it. */
export interface FoundService {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string;
  readonly described: Service;
}

export const connectEcs = (session: Session): ECS => new ECS(clientOptions(session));

/** The last part of an ARN, which is what people call the thing by. */
export const nameOf = (arn: string | undefined): string => arn?.split('/').at(-1) ?? '';

/** DescribeServices takes this many at once. */
const described_max = 10;

/** Every service of every cluster, but for those that are deleted. */
export async function readServices(client: ECS): Promise<FoundService[]> {
  const found: FoundService[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client }, {}))
    for (const cluster of clusterArns) found.push(...(await readServicesOf(client, cluster)));
  return found.sort((a, b) => a.cluster.localeCompare(b.cluster) || a.name.localeCompare(b.name));
}

async function readServicesOf(client: ECS, cluster: string): Promise<FoundService[]> {
  const found: FoundService[] = [];
  for await (const { serviceArns = [] } of paginateListServices({ client, pageSize: described_max }, { cluster })) {
    if (serviceArns.length === 0) continue;
    const { services = [] } = await client.describeServices({ cluster, services: serviceArns });
    for (const described of services)
      found.push({
        cluster: nameOf(cluster),
        name: described.serviceName ?? '',
        arn: described.serviceArn ?? '',
        described,
      });
  }
  return found;
}

/** The service that is called so: by its name, or by `cluster/name` where two clusters have one of that name. */
export const requireService = async (client: ECS, name: string): Promise<FoundService> =>
  pickService(name, await readServices(client));

type Named = Pick<FoundService, 'cluster' | 'name'>;

/** Throws `UserError` `ServiceNotFound` or `ServiceAmbiguous`, with the names there are. */
export function pickService<Found extends Named>(asked: string, services: readonly Found[]): Found {
  const matching = services.filter(({ cluster, name }) => asked === name || asked === `${cluster}/${name}`);
  const [found] = matching;
  if (matching.length > 1)
    throw new UserError('ServiceAmbiguous', `${matching.length} clusters have a service "${asked}"`, {
      next: [`name the cluster too: ${matching.map(fullName).join(' or ')}`],
    });
  if (!found)
    throw new UserError('ServiceNotFound', `there is no service "${asked}"`, {
      next: [
        services.length > 0
          ? `there is ${namesOf(services).join(', ')}`
          : 'there is no service at all yet: deploy some with `rockpool up`',
      ],
    });
  return found;
}

const fullName = ({ cluster, name }: Named): string => `${cluster}/${name}`;

/** The cluster is named only where it is needed. */
const namesOf = (services: readonly Named[]): string[] =>
  services.map((service) =>
    services.filter(({ name }) => name === service.name).length > 1 ? fullName(service) : service.name,
  );
