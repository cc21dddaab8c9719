export interface DashboardMessage {
  readonly DataPath: string;
  readonly Message: string;
}

const widgetTypes = ['metric', 'text', 'log', 'alarm', 'explorer', 'custom', 'trace'];
/** Widgets lie on a grid of 24 columns. */
const columns = 24;
const height_max = 1000;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks a dashboard's body. Source: CloudWatch API reference, "Dashboard Body Structure and Syntax": errors are what it says is required
 * or out of range, warnings are what a widget of that type would not show.
 */
export function checkDashboardBody(text: string): { errors: DashboardMessage[]; warnings: DashboardMessage[] } {
  const errors: DashboardMessage[] = [];
  const warnings: DashboardMessage[] = [];
  const body = parse(text);
  if (!isFields(body))
    return { errors: [{ DataPath: '', Message: 'The field DashboardBody must be a valid JSON object' }], warnings };
  const { widgets } = body;
  if (widgets === undefined || !Array.isArray(widgets))
    return {
      errors: [{ DataPath: '', Message: 'Should have required property "widgets", which must be an array' }],
      warnings,
    };
  if (widgets.length > 500) errors.push({ DataPath: '/widgets', Message: 'Should NOT have more than 500 items' });
  for (const [index, widget] of widgets.entries()) checkWidget(widget, `/widgets/${index}`, errors, warnings);
  return { errors, warnings };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkWidget(widget: unknown, path: string, errors: DashboardMessage[], warnings: DashboardMessage[]): void {
  const error = (where: string, Message: string) => errors.push({ DataPath: `${path}${where}`, Message });
  if (!isFields(widget)) {
    error('', 'Should be object');
    return;
  }
  const { type, properties } = widget;
  if (typeof type !== 'string' || !widgetTypes.includes(type))
    error('/type', `Should be one of ${widgetTypes.join(', ')}`);
  if (!isFields(properties))
    error('/properties', 'Should have required property "properties", which must be an object');
  for (const [name, low, high] of [
    ['x', 0, columns - 1],
    ['y', 0, Number.POSITIVE_INFINITY],
    ['width', 1, columns],
    ['height', 1, height_max],
  ] as const) {
    const value = widget[name];
    if (value !== undefined && (!Number.isInteger(value) || Number(value) < low || Number(value) > high))
      error(`/${name}`, `Should be an integer from ${low} to ${high}`);
  }
  if (isFields(properties)) checkProperties(String(type), properties, `${path}/properties`, warnings);
}

const needed: Readonly<Record<string, readonly (readonly string[])[]>> = {
  text: [['markdown']],
  metric: [['metrics', 'annotations'], ['region']],
  log: [['query'], ['region']],
  alarm: [['alarms']],
  explorer: [['metrics'], ['aggregateBy', 'labels', 'widgetOptions']],
  custom: [['endpoint']],
};

function checkProperties(type: string, properties: Fields, path: string, warnings: DashboardMessage[]): void {
  for (const names of needed[type] ?? [])
    if (!names.some((name) => properties[name] !== undefined))
      warnings.push({
        DataPath: path,
        Message: `Should have required property ${names.map((name) => `"${name}"`).join(' or ')}`,
      });
  if (type === 'metric' && properties['metrics'] !== undefined && !Array.isArray(properties['metrics']))
    warnings.push({ DataPath: `${path}/metrics`, Message: 'Should be array' });
}
