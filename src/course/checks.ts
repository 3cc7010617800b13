import { ArgumentError, type CheckKind } from '../check/kind.ts';
import type { Fields } from './fields.ts';
import { bindKnown, mapStrings } from './names.ts';
import type { Report } from './problem.ts';
import type { CheckSpec, Names } from './types.ts';
import { readFields, type YamlSource } from './yaml.ts';

/** Tells the kind of a check by its keys. Throws ArgumentError when none or two of the keys are kinds. */
export type KindOf = (raw: Record<string, unknown>) => CheckKind<unknown>;

export interface CheckScope {
  lesson: string;
  names: Names;
  kindOf: KindOf;
  report: Report;
}

/** Keys that belong to the lesson and not to the kind. */
const OWN_KEYS = ['title', 'why', 'once'];
const CHECK_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The checks of a `yaml check` block that can be used, and whether those are all that it declares. */
export interface ReadChecks {
  checks: { spec: CheckSpec; line: number }[];
  complete: boolean;
}

/** Reads a `yaml check` block: a map of names to checks. Checks that can't be used are reported and left out. */
export function readChecks(source: YamlSource, scope: CheckScope): ReadChecks {
  const fields = readFields(source, scope.report);
  if (!fields) return { checks: [], complete: false };
  const names = fields.keys();
  const checks = names.flatMap((name) => {
    const line = fields.lineOf(name);
    const what = `check "${name}"`;
    if (!CHECK_NAME.test(name)) scope.report(line, `${what}: a name is lower-case words joined by hyphens`);
    const check = fields.map(name, what);
    const spec = check && readCheck(`${scope.lesson}/${name}`, check, scope);
    return spec ? [{ spec, line }] : [];
  });
  return { checks, complete: checks.length === names.length };
}

function readCheck(id: string, fields: Fields, { names, kindOf, report }: CheckScope): CheckSpec | undefined {
  const title = fields.text('title', 'optional');
  const why = fields.text('why', 'optional');
  const once = fields.flag('once');
  const args = fields.plain(OWN_KEYS);
  // A kind sees what it would see at run time: names bound. The course keeps them unbound.
  const bound = mapStrings(args, (text) => bindKnown(text, names));
  try {
    const kind = kindOf(bound);
    const keys = [kind.kind, ...kind.accepts];
    fields.only([...keys, ...OWN_KEYS]);
    kind.parse(Object.fromEntries(Object.entries(bound).filter(([key]) => keys.includes(key))));
    return { id, kind: kind.kind, args, ...(title && { title }), ...(why && { why }), once };
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const line = fields.has(error.key) ? fields.lineOf(error.key) : fields.line;
    report(line, `${fields.what}: ${error.message.replace(/\.$/, '')}`);
    return undefined;
  }
}
