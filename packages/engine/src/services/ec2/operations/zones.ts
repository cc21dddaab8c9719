import type { Handler } from '../model.ts';

/** Regions with the three-letter code that their zone ids begin with. */
const regions: Readonly<Record<string, string>> = {
  'us-east-1': 'use1',
  'us-east-2': 'use2',
  'us-west-1': 'usw1',
  'us-west-2': 'usw2',
  'ca-central-1': 'cac1',
  'eu-central-1': 'euc1',
  'eu-north-1': 'eun1',
  'eu-west-1': 'euw1',
  'eu-west-2': 'euw2',
  'eu-west-3': 'euw3',
  'ap-northeast-1': 'apne1',
  'ap-northeast-2': 'apne2',
  'ap-south-1': 'aps1',
  'ap-southeast-1': 'apse1',
  'ap-southeast-2': 'apse2',
  'sa-east-1': 'sae1',
};

/** Every region has three zones here; AWS has three to six. */
export const zoneNames = (region: string): string[] => ['a', 'b', 'c'].map((letter) => `${region}${letter}`);

export const zoneId = (zone: string): string =>
  `${regions[zone.slice(0, -1)] ?? zone.slice(0, -1)}-az${zone.charCodeAt(zone.length - 1) - 96}`;

export const describeAvailabilityZones: Handler<'DescribeAvailabilityZones'> = (input, { scope: { region } }) => ({
  AvailabilityZones: zoneNames(region)
    .filter((name) => !input.ZoneNames?.length || input.ZoneNames.includes(name))
    .map((ZoneName) => ({
      ZoneName,
      ZoneId: zoneId(ZoneName),
      RegionName: region,
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      ZoneType: 'availability-zone',
      GroupName: `${region}-zg-1`,
      NetworkBorderGroup: region,
      Messages: [],
    })),
});

export const describeRegions: Handler<'DescribeRegions'> = (input) => ({
  Regions: Object.keys(regions)
    .filter((name) => !input.RegionNames?.length || input.RegionNames.includes(name))
    .map((RegionName) => ({
      RegionName,
      Endpoint: `ec2.${RegionName}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    })),
});
