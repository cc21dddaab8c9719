import { defineService, type Service } from '../../kernel/service.ts';
import { labelParameterVersion, unlabelParameterVersion } from './operations/labels.ts';
import { deleteParameter, deleteParameters, putParameter } from './operations/parameters.ts';
import {
  describeParameters,
  getParameter,
  getParameterHistory,
  getParameters,
  getParametersByPath,
} from './operations/reading.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './operations/tags.ts';
import { parameter } from './resources/parameter.ts';

/** Systems Manager's Parameter Store. */
export const ssm = (): Service =>
  defineService('ssm', {
    operations: {
      AddTagsToResource: addTagsToResource,
      DeleteParameter: deleteParameter,
      DeleteParameters: deleteParameters,
      DescribeParameters: describeParameters,
      GetParameter: getParameter,
      GetParameterHistory: getParameterHistory,
      GetParameters: getParameters,
      GetParametersByPath: getParametersByPath,
      LabelParameterVersion: labelParameterVersion,
      ListTagsForResource: listTagsForResource,
      PutParameter: putParameter,
      RemoveTagsFromResource: removeTagsFromResource,
      UnlabelParameterVersion: unlabelParameterVersion,
    },
    resources: { 'AWS::SSM::Parameter': parameter },
  });
