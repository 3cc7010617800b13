import { ComposeError, Float, isMapping, type Mapping, type Value } from '../value.ts';

type TypeName = 'null' | 'boolean' | 'string' | 'number' | 'integer' | 'array' | 'object';

/** What a value must look like: the part of JSON Schema that the compose specification uses. */
export interface Schema {
  types?: readonly TypeName[];
  oneOf?: readonly Schema[];
  values?: readonly string[];
  minimum?: number;
  maximum?: number;
  items?: Schema;
  unique?: boolean;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  /** For the names that match. Where it is absent, names that begin with `x-` may hold anything. */
  names?: RegExp;
  named?: Schema;
  /** No other name is allowed. */
  closed?: boolean;
}

interface Problem {
  path: string;
  kind: 'type' | 'one-of' | 'other';
  text: string;
}

interface Result {
  problems: Problem[];
  /** How well the value fits; of several forms that it may have, the best one is reported. */
  score: number;
}

/** Checks a compose file's content, and says what is wrong as Compose does. */
export function validate(schema: Schema, value: Value, file: string): void {
  const infinite = findInfinite(value);
  if (infinite !== null) throw new ComposeError(`validating ${file}: json: unsupported value: ${infinite}`);
  const { problems } = check(schema, value, '');
  if (problems.length > 0) throw new ComposeError(`validating ${file}: ${mostSpecific(problems)}`);
}

/** The problem deepest in the file; a wrong type before others, and the reason in place of "none of these forms". */
function mostSpecific(problems: Problem[]): string {
  const depth = (problem: Problem | undefined) => problem?.path.split('.').length ?? 0;
  let best = 0;
  problems.forEach((problem, i) => {
    const deeper = depth(problem) - depth(problems[best]);
    if (deeper > 0 || (deeper === 0 && problem.kind === 'type' && problems[best]?.kind !== 'type')) best = i;
  });
  const said = problems[best];
  const why = said?.kind === 'one-of' ? problems[best + 1] : undefined;
  return `${said?.path || '(root)'} ${why?.text ?? said?.text}`;
}

const NOT_FITTING = -2;

function check(schema: Schema, value: Value, path: string): Result {
  const types = typesOf(value);
  if (schema.types !== undefined && !schema.types.some((type) => types.includes(type))) {
    return failure({ path, kind: 'type', text: `must be a ${readable(schema.types)}` });
  }
  const results = [checkForms(schema, value, path), checkScalar(schema, value, path)];
  if (Array.isArray(value)) results.push(checkItems(schema, value, path));
  else if (isMapping(value)) results.push(checkObject(schema, value, path));
  return {
    problems: results.flatMap((result) => result.problems),
    score: results.reduce((sum, result) => sum + result.score, 3),
  };
}

function failure(problem: Problem): Result {
  return { problems: [problem], score: NOT_FITTING };
}

function checkForms({ oneOf }: Schema, value: Value, path: string): Result {
  if (oneOf === undefined) return { problems: [], score: 0 };
  const results = oneOf.map((form) => check(form, value, path));
  if (results.some((result) => result.problems.length === 0)) return { problems: [], score: 0 };
  const best = results.reduce((one, other) => (other.score > one.score ? other : one));
  const problem: Problem = { path, kind: 'one-of', text: 'Must validate one and only one schema (oneOf)' };
  return { problems: [problem, ...best.problems], score: best.score + NOT_FITTING };
}

function checkScalar({ values, minimum, maximum }: Schema, value: Value, path: string): Result {
  const number = value instanceof Float ? value.number : Number(value);
  if (values !== undefined && !values.includes(String(value))) {
    const list = values.map((one) => JSON.stringify(one)).join(', ');
    return failure({ path, kind: 'other', text: `${path} must be one of the following: ${list}` });
  }
  if (minimum !== undefined && number < minimum) {
    return failure({ path, kind: 'other', text: `Must be greater than or equal to ${minimum}` });
  }
  if (maximum !== undefined && number > maximum) {
    return failure({ path, kind: 'other', text: `Must be less than or equal to ${maximum}` });
  }
  return { problems: [], score: 0 };
}

function checkItems({ items, unique }: Schema, value: Value[], path: string): Result {
  const results =
    items === undefined ? [] : value.map((item, i) => check(items, item, join(path, String(i))));
  if (unique) {
    const texts = value.map((item) => JSON.stringify(item));
    const second = texts.findIndex((text, i) => texts.indexOf(text) !== i);
    if (second !== -1) {
      const first = texts.indexOf(texts[second] ?? '');
      results.push(failure({ path, kind: 'other', text: `array items[${first},${second}] must be unique` }));
    }
  }
  return sum(results, 1);
}

function checkObject(schema: Schema, value: Mapping, path: string): Result {
  const { properties = {}, required = [] } = schema;
  const there = Object.keys(value).toSorted();
  const results = [
    ...required.map((name) => checkRequired(value, name, path)),
    ...there
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => checkOther(schema, value, name, path)),
  ];
  for (const name of there) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) results.push(check(property, value[name] ?? null, join(path, name)));
  }
  return sum(results, 1);
}

function checkRequired(value: Mapping, name: string, path: string): Result {
  if (Object.hasOwn(value, name)) return { problems: [], score: 1 };
  return failure({ path, kind: 'other', text: `${name} is required` });
}

/** A name that the schema does not list. */
function checkOther(schema: Schema, value: Mapping, name: string, path: string): Result {
  const { names = /^x-/, named = {}, closed = false } = schema;
  if (names.test(name)) return sum([check(named, value[name] ?? null, join(path, name))], 1);
  if (!closed) return { problems: [], score: 0 };
  return failure({ path, kind: 'other', text: `Additional property ${name} is not allowed` });
}

function sum(results: Result[], score: number): Result {
  return {
    problems: results.flatMap((result) => result.problems),
    score: results.reduce((total, result) => total + result.score, score),
  };
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function typesOf(value: Value): TypeName[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (value instanceof Float) return Number.isInteger(value.number) ? ['number', 'integer'] : ['number'];
  if (typeof value === 'number' || typeof value === 'bigint') return ['number', 'integer'];
  if (typeof value === 'string') return ['string'];
  return typeof value === 'boolean' ? ['boolean'] : ['object'];
}

const READABLE: Partial<Record<TypeName, string>> = { object: 'mapping', array: 'list' };

function readable(types: readonly TypeName[]): string {
  const words = types.map((type) => READABLE[type] ?? type);
  const last = words.at(-1) ?? '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** JSON has no infinity, so Compose can not check a file that holds one. */
function findInfinite(value: Value): string | null {
  if (value instanceof Float) {
    if (Number.isFinite(value.number)) return null;
    return Number.isNaN(value.number) ? 'NaN' : value.number > 0 ? '+Inf' : '-Inf';
  }
  const items = Array.isArray(value) ? value : isMapping(value) ? Object.values(value) : [];
  return items.map(findInfinite).find((one) => one !== null) ?? null;
}
