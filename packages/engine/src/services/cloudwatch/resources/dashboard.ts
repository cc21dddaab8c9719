import { resource } from '../../../cloudformation/resource-handler.ts';

interface DashboardProperties {
  readonly DashboardName?: string;
  readonly DashboardBody: string;
}

/** AWS::CloudWatch::Dashboard */
export const dashboard = resource<DashboardProperties>({
  create({ DashboardName, DashboardBody }, context) {
    const id = DashboardName ?? context.physicalName({ max: 255 });
    context.cloudWatch.putDashboard({ DashboardName: id, DashboardBody });
    return { id };
  },
  update(id, { DashboardBody }, _, { cloudWatch }) {
    cloudWatch.putDashboard({ DashboardName: id, DashboardBody });
    return undefined;
  },
  delete: (id, _, { cloudWatch }) => void cloudWatch.deleteDashboards({ DashboardNames: [id] }),
});
