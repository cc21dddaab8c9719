import { defineService, type Service } from '../../kernel/service.ts';
import { codeController, codeUseController } from './controllers/code.ts';
import { environmentsController } from './controllers/environments.ts';
import { eventController } from './controllers/event.ts';
import { functionController } from './controllers/function.ts';
import { invocationController } from './controllers/invocation.ts';
import * as concurrency from './operations/concurrency.ts';
import * as configs from './operations/event-invoke-configs.ts';
import * as functions from './operations/functions.ts';
import { invoke, invokeAsync } from './operations/invoke.ts';
import * as permissions from './operations/permissions.ts';
import * as tags from './operations/tags.ts';
import * as versions from './operations/versions.ts';
import type { Desk, LambdaPorts } from './ports.ts';
import { lambdaFunction } from './resources/function.ts';
import { alias, eventInvokeConfig, permission, version } from './resources/parts.ts';
import { codeRoute } from './routes/code.ts';
import { forgetEnvironments } from './start.ts';

/** AWS Lambda. Functions run in environments that a runner provides. */
export function lambda(ports: LambdaPorts): Service {
  const desk: Desk = { ...ports, waiting: new Map() };
  return defineService('lambda', {
    operations: {
      CreateFunction: functions.createFunction(ports),
      GetFunction: functions.getFunction(ports),
      GetFunctionConfiguration: functions.getFunctionConfiguration,
      GetFunctionCodeSigningConfig: functions.getFunctionCodeSigningConfig,
      ListFunctions: functions.listFunctions,
      UpdateFunctionCode: functions.updateFunctionCode(ports),
      UpdateFunctionConfiguration: functions.updateFunctionConfiguration(ports),
      DeleteFunction: functions.deleteFunction,

      PublishVersion: versions.publishVersion,
      ListVersionsByFunction: versions.listVersionsByFunction,
      CreateAlias: versions.createAlias,
      GetAlias: versions.getAlias,
      ListAliases: versions.listAliases,
      UpdateAlias: versions.updateAlias,
      DeleteAlias: versions.deleteAlias,

      AddPermission: permissions.addPermission,
      RemovePermission: permissions.removePermission,
      GetPolicy: permissions.getPolicy,

      PutFunctionConcurrency: concurrency.putFunctionConcurrency,
      GetFunctionConcurrency: concurrency.getFunctionConcurrency,
      DeleteFunctionConcurrency: concurrency.deleteFunctionConcurrency,
      GetAccountSettings: concurrency.getAccountSettings,

      PutFunctionEventInvokeConfig: configs.putFunctionEventInvokeConfig,
      UpdateFunctionEventInvokeConfig: configs.updateFunctionEventInvokeConfig,
      GetFunctionEventInvokeConfig: configs.getFunctionEventInvokeConfig,
      DeleteFunctionEventInvokeConfig: configs.deleteFunctionEventInvokeConfig,
      ListFunctionEventInvokeConfigs: configs.listFunctionEventInvokeConfigs,

      TagResource: tags.tagResource,
      UntagResource: tags.untagResource,
      ListTags: tags.listTags,

      Invoke: invoke(desk),
      InvokeAsync: invokeAsync,
    },
    controllers: [
      functionController,
      eventController(desk),
      invocationController(desk),
      environmentsController(desk),
      codeUseController,
      codeController(ports),
    ],
    resources: {
      'AWS::Lambda::Function': lambdaFunction(ports),
      'AWS::Lambda::Permission': permission,
      'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
      'AWS::Lambda::Version': version,
      'AWS::Lambda::Alias': alias,
    },
    routes: [codeRoute(ports.blobs)],
    start: forgetEnvironments,
    stop: () => ports.functions.close(),
  });
}
