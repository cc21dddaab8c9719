import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import {
  invalidNextToken,
  invalidParameter,
  lifecyclePolicyNotFound,
  policyNotFound,
  repositoryExists,
  repositoryNotEmpty,
  repositoryNotFound,
} from '../errors.ts';
import { type Handler, images, inRepository, layers, type Repository, repositories } from '../model.ts';

export function requireRepository({ store, scope }: Context, name: string): Repository {
  const repository = store.table(repositories).get(name);
  if (!repository) throw repositoryNotFound(name, scope.account);
  return repository;
}

/** What the API shows of it. */
const shown = ({ policy: _, lifecyclePolicy: __, tags: ___, ...repository }: Repository) => repository;

/** `endpoint` gives `127.0.0.1:4566`: the address in `repositoryUri`, so that what pushes there reaches this registry and none of AWS's. */
export const createRepository =
  (endpoint: () => string): Handler<'CreateRepository'> =>
  (input, context) => {
    const { account, region } = context.scope;
    const { repositoryName } = input;
    if (!/^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(repositoryName))
      throw invalidParameter(
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression'`,
      );
    const rows = context.store.table(repositories);
    if (rows.get(repositoryName)) throw repositoryExists(repositoryName, account);
    const repository = rows.put(repositoryName, {
      repositoryName,
      repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repositoryName}`,
      registryId: account,
      repositoryUri: `${endpoint()}/${repositoryName}`,
      createdAt: new Date(context.now),
      imageTagMutability: input.imageTagMutability ?? 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false },
      encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: 'AES256' },
      tags: input.tags ?? [],
    });
    return { repository: shown(repository) };
  };

export const describeRepositories: Handler<'DescribeRepositories'> = (input, context) => {
  const wanted =
    input.repositoryNames?.map((name) => requireRepository(context, name)) ?? context.store.table(repositories).list();
  const { items, nextToken } = page(wanted, {
    token: input.nextToken,
    size: input.maxResults ?? 100,
    invalid: invalidNextToken,
  });
  return { repositories: items.map(shown), ...(nextToken ? { nextToken } : {}) };
};

export const deleteRepository: Handler<'DeleteRepository'> = ({ repositoryName, force }, context) => {
  const repository = requireRepository(context, repositoryName);
  const own = context.store.table(images).by('repository', repositoryName);
  if (own.length > 0 && !force) throw repositoryNotEmpty(repositoryName, context.scope.account);
  for (const image of own) context.store.table(images).delete(inRepository(repositoryName, image.digest));
  for (const layer of context.store.table(layers).by('repository', repositoryName))
    context.store.table(layers).delete(inRepository(repositoryName, layer.digest));
  context.store.table(repositories).delete(repositoryName);
  return { repository: shown(repository) };
};

function change(context: Context, name: string, edit: (repository: Repository) => Partial<Repository>) {
  const repository = requireRepository(context, name);
  context.store.table(repositories).put(name, { ...repository, ...edit(repository) });
  return { registryId: context.scope.account, repositoryName: name };
}

export const putImageTagMutability: Handler<'PutImageTagMutability'> = (
  { repositoryName, imageTagMutability },
  context,
) => ({
  ...change(context, repositoryName, () => ({ imageTagMutability })),
  imageTagMutability,
});

export const putImageScanningConfiguration: Handler<'PutImageScanningConfiguration'> = (
  { repositoryName, imageScanningConfiguration },
  context,
) => ({
  ...change(context, repositoryName, () => ({ imageScanningConfiguration })),
  imageScanningConfiguration,
});

export const setRepositoryPolicy: Handler<'SetRepositoryPolicy'> = ({ repositoryName, policyText }, context) => ({
  ...change(context, repositoryName, () => ({ policy: policyText })),
  policyText,
});

export const getRepositoryPolicy: Handler<'GetRepositoryPolicy'> = ({ repositoryName }, context) => {
  const { policy } = requireRepository(context, repositoryName);
  if (policy === undefined) throw policyNotFound(repositoryName, context.scope.account);
  return { registryId: context.scope.account, repositoryName, policyText: policy };
};

export const deleteRepositoryPolicy: Handler<'DeleteRepositoryPolicy'> = (input, context) => {
  const { policyText } = getRepositoryPolicy(input, context);
  return { ...change(context, input.repositoryName, () => ({ policy: undefined })), policyText };
};

export const putLifecyclePolicy: Handler<'PutLifecyclePolicy'> = (
  { repositoryName, lifecyclePolicyText },
  context,
) => ({
  ...change(context, repositoryName, () => ({ lifecyclePolicy: lifecyclePolicyText })),
  lifecyclePolicyText,
});

export const getLifecyclePolicy: Handler<'GetLifecyclePolicy'> = ({ repositoryName }, context) => {
  const { lifecyclePolicy } = requireRepository(context, repositoryName);
  if (lifecyclePolicy === undefined) throw lifecyclePolicyNotFound(repositoryName, context.scope.account);
  return { registryId: context.scope.account, repositoryName, lifecyclePolicyText: lifecyclePolicy };
};

export const deleteLifecyclePolicy: Handler<'DeleteLifecyclePolicy'> = (input, context) => {
  const { lifecyclePolicyText } = getLifecyclePolicy(input, context);
  return { ...change(context, input.repositoryName, () => ({ lifecyclePolicy: undefined })), lifecyclePolicyText };
};

const byArn = (context: Context, arn: string) => requireRepository(context, arn.slice(arn.indexOf('/') + 1));

export const listTagsForResource: Handler<'ListTagsForResource'> = ({ resourceArn }, context) => ({
  tags: [...byArn(context, resourceArn).tags],
});

export const tagResource: Handler<'TagResource'> = ({ resourceArn, tags }, context) => {
  change(context, byArn(context, resourceArn).repositoryName, (own) => ({
    tags: [...own.tags.filter((tag) => !tags.some((one) => one.Key === tag.Key)), ...tags],
  }));
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ resourceArn, tagKeys }, context) => {
  change(context, byArn(context, resourceArn).repositoryName, (own) => ({
    tags: own.tags.filter((tag) => !tagKeys.includes(tag.Key ?? '')),
  }));
  return {};
};
