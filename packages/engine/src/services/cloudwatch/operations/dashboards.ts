import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { dashboardInvalid, dashboardNotFound, invalidNextToken, invalidValue } from '../errors.ts';
import { dashboards, tags } from '../model.ts';
import { checkDashboardBody } from './dashboard-body.ts';
import { requireTags } from './put-alarm.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

/** A body with errors is refused; one that only has widgets which CloudWatch would not show is stored, and the answer says so. */
export const putDashboard: Handler<Sdk, 'PutDashboard', Context> = (input, { store, scope, now }) => {
  const { DashboardName, DashboardBody } = input;
  if (!/^[\w-]{1,255}$/.test(DashboardName))
    throw invalidValue(
      `The value ${DashboardName} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`,
    );
  const { errors, warnings } = checkDashboardBody(DashboardBody);
  if (errors.length > 0) throw dashboardInvalid(errors);
  const DashboardArn = `arn:aws:cloudwatch::${scope.account}:dashboard/${DashboardName}`;
  const known = store.table(dashboards).get(DashboardName);
  store
    .table(dashboards)
    .put(DashboardName, { DashboardName, DashboardArn, DashboardBody, LastModified: new Date(now) });
  if (!known && input.Tags) store.table(tags).put(DashboardArn, requireTags(input.Tags));
  return { DashboardValidationMessages: warnings };
};

export const getDashboard: Handler<Sdk, 'GetDashboard', Context> = ({ DashboardName }, { store }) => {
  const dashboard = store.table(dashboards).get(DashboardName);
  if (!dashboard) throw dashboardNotFound([DashboardName]);
  const { DashboardArn, DashboardBody } = dashboard;
  return { DashboardArn, DashboardBody, DashboardName };
};

export const listDashboards: Handler<Sdk, 'ListDashboards', Context> = (input, { store }) => {
  const found = store
    .table(dashboards)
    .list(({ DashboardName }) => DashboardName.startsWith(input.DashboardNamePrefix ?? ''))
    .sort((a, b) => (a.DashboardName < b.DashboardName ? -1 : 1));
  const { items, nextToken } = page(found, { token: input.NextToken, size: 1000, invalid: invalidNextToken });
  return {
    DashboardEntries: items.map(({ DashboardName, DashboardArn, DashboardBody, LastModified }) => ({
      DashboardName,
      DashboardArn,
      LastModified,
      Size: Buffer.byteLength(DashboardBody),
    })),
    NextToken: nextToken,
  };
};

/** All or none. */
export const deleteDashboards: Handler<Sdk, 'DeleteDashboards', Context> = ({ DashboardNames }, { store }) => {
  const table = store.table(dashboards);
  const missing = DashboardNames.filter((name) => !table.get(name));
  if (missing.length > 0) throw dashboardNotFound(missing);
  for (const name of DashboardNames) {
    store.table(tags).delete(table.get(name)?.DashboardArn ?? '');
    table.delete(name);
  }
  return {};
};
