import { ComposeError, Float, isMapping, mapping, type Value } from '../value.ts';
import { InvalidTemplate, substitute, type Variables } from './template.ts';

type Cast = (text: string, variables: Variables) => Value;

/** Puts variables into all texts of a file, and reads numbers and booleans where Compose wants those. */
export function interpolate(value: Value, variables: Variables, path: string[] = []): Value {
  if (typeof value === 'string') return interpolateText(value, variables, path);
  if (Array.isArray(value)) return value.map((item) => interpolate(item, variables, [...path, '[]']));
  if (!isMapping(value)) return value;
  return mapping(
    Object.entries(value).map(([name, item]) => [name, interpolate(item, variables, [...path, name])]),
  );
}

function interpolateText(text: string, variables: Variables, path: string[]): Value {
  const where = path.join('.');
  let full = '';
  try {
    full = substitute(text, variables);
  } catch (error) {
    if (error instanceof InvalidTemplate) {
      const advice = 'You may need to escape any $ with another $.';
      throw new ComposeError(`invalid interpolation format for ${where}.\n${advice}\n${error.template}`);
    }
    throw whileInterpolating(where, error);
  }
  const cast = castOf(path);
  if (cast === undefined) return full;
  try {
    return cast(full, variables);
  } catch (error) {
    throw whileInterpolating(where, error, 'failed to cast to expected type: ');
  }
}

function whileInterpolating(where: string, error: unknown, what = ''): unknown {
  if (!(error instanceof ComposeError)) return error;
  return new ComposeError(`error while interpolating ${where}: ${what}${error.message}`);
}

const whole =
  (reader: string): Cast =>
  (text) => {
    if (/^[-+]?\d+$/.test(text)) return Number(text);
    throw notANumber(reader, text);
  };

const integer = whole('Atoi');
const integer64 = whole('ParseInt');

const float: Cast = (text) => {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return new Float(Number(text));
  throw notANumber('ParseFloat', text);
};

function notANumber(reader: string, text: string): ComposeError {
  return new ComposeError(`strconv.${reader}: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const boolean: Cast = (text, variables) => {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  const said = ['y', 'yes', 'on'].includes(lower) || (['n', 'no', 'off'].includes(lower) ? false : null);
  if (said === null) throw new ComposeError(`invalid boolean: ${text}`);
  variables.warn(`${JSON.stringify(text)} for boolean is not supported by YAML 1.2, please use \`${said}\``);
  return said;
};

/** Properties of a service whose text Compose reads as something else. `*` is any name, `[]` any item. */
const SERVICE_CASTS: Record<string, Cast> = {
  cpu_count: integer64,
  cpu_percent: float,
  cpu_period: integer64,
  cpu_quota: integer64,
  cpu_rt_period: integer64,
  cpu_rt_runtime: integer64,
  cpu_shares: integer64,
  cpus: float,
  init: boolean,
  'depends_on.*.restart': boolean,
  'deploy.replicas': integer,
  'healthcheck.retries': integer,
  'healthcheck.disable': boolean,
  oom_kill_disable: boolean,
  oom_score_adj: integer64,
  pids_limit: integer64,
  'ports.[].target': integer,
  privileged: boolean,
  read_only: boolean,
  scale: integer,
  stdin_open: boolean,
  tty: boolean,
  'ulimits.*': integer,
  'ulimits.*.hard': integer,
  'ulimits.*.soft': integer,
  'volumes.[].read_only': boolean,
  'volumes.[].bind.create_host_path': boolean,
  'volumes.[].volume.nocopy': boolean,
};

const RESOURCE_CASTS: Record<string, Cast> = {
  external: boolean,
  internal: boolean,
  attachable: boolean,
  enable_ipv6: boolean,
};

function castOf([section, , ...property]: string[]): Cast | undefined {
  const casts = section === 'services' ? SERVICE_CASTS : RESOURCE_CASTS;
  const known = ['services', 'networks', 'volumes', 'secrets', 'configs'];
  if (section === undefined || !known.includes(section)) return undefined;
  return (
    casts[property.join('.')] ?? casts[property.map((name, i) => (i === 1 ? anyName(name) : name)).join('.')]
  );
}

const anyName = (name: string) => (name === '[]' ? name : '*');
