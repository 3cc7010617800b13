import type { NodeName, Observation, Probe, Setting } from '../../observe/types.ts';
import { node, only, optionalText, text } from '../args.ts';
import { parseConf } from '../conf.ts';
import type { Verdict } from '../finding.ts';
import type { CheckKind } from '../kind.ts';
import { upServer } from '../needs.ts';
import { regularFile, textOf } from '../paths.ts';
import { sameValue } from '../quantity.ts';
import { failed, passed, type Question, quote } from '../verdict.ts';

const ACCEPTS = ['on', 'is', 'in'] as const;

interface SettingArgs {
  setting: string;
  on: NodeName;
  is: string;
  /** The node's configuration file in the workspace. */
  in: string;
}

/**
 * A parameter of a node. While its server runs, the server says what holds; before that, the file must set it.
 * The value alone is no proof: most of the course's values are PostgreSQL's defaults.
 */
export const setting: CheckKind<SettingArgs> = {
  kind: 'setting',
  accepts: ACCEPTS,
  mistakes: [
    'file-missing',
    'file-is-folder',
    'setting-missing',
    'setting-wrong',
    'setting-not-applied',
    'conf-broken',
  ],
  parse(raw) {
    only(raw, 'setting', ACCEPTS);
    const on = node(raw, 'on');
    const file = optionalText(raw, 'in') ?? `${on}/postgresql.conf`;
    return { setting: text(raw, 'setting'), on, is: text(raw, 'is'), in: file };
  },
  title: ({ setting, on, is }) => `the ${on} has ${setting} = ${is}`,
  why: () => 'The file says it aloud, so that it does not hang on a default that can change.',
  reads: (args) => ({ parts: ['servers'], files: [args.in] }),
  judge(observation, args) {
    const server = upServer(observation, args.on);
    return server ? judgeServer(observation, args, server.probe) : judgeFile(observation, args);
  },
};

function judgeFile(observation: Observation, args: SettingArgs): Verdict {
  const question = { probe: args.in, wanted: `${args.setting} = ${args.is}` };
  const file = regularFile(observation, args.in, question);
  if ('state' in file) return file;
  const content = textOf(file, args.in, question);
  if (typeof content !== 'string') return content;
  const conf = parseConf(content);
  const broken = conf.errors[0];
  if (broken) {
    const why =
      'PostgreSQL can not read this line and would not start. Values other than plain words and numbers need quotes.';
    return failed(question, 'conf-broken', `line ${broken.line}: ${quote(broken.text)}`, why);
  }
  const found = conf.values.get(args.setting.toLowerCase());
  if (!found)
    return failed(question, 'setting-missing', `${args.in} does not set ${args.setting}`, setting.why(args));
  const saw = `line ${found.line}: ${args.setting} = ${quote(found.value)}`;
  if (sameValue(args.setting, args.is, found.value)) return passed(question, saw);
  return failed(
    question,
    'setting-wrong',
    saw,
    'The lesson needs another value. The last line with this name counts.',
  );
}

function judgeServer(observation: Observation, args: SettingArgs, probe: Probe): Verdict {
  const question = {
    probe: `pg_settings on ${args.on}`,
    wanted: `${args.setting} = ${args.is}, from a configuration file`,
  };
  const errors = probe.confErrors.filter(({ error }) => error !== null);
  // A restart that is still due is reported as an error of that one parameter; the file itself is fine then.
  const broken = errors.find(({ error }) => !/could not be applied|cannot be changed/.test(error ?? ''));
  if (broken) {
    const saw = `line ${broken.line ?? '?'} of ${broken.file ?? 'a file'}: ${broken.name ?? ''} ${broken.error}`;
    const why = 'The running server keeps its old values, and it will not start again with this file.';
    return failed({ ...question, probe: `pg_file_settings on ${args.on}` }, 'conf-broken', quote(saw), why);
  }
  const found = probe.settings[args.setting] ?? probe.settings[args.setting.toLowerCase()];
  const due = found?.pendingRestart || errors.some(({ name }) => name === args.setting);
  if (found && !due && applied(found, args, probe, observation)) {
    return passed(question, `${show(found)}, from ${found.file ?? 'a configuration file'}`);
  }
  const saw = found
    ? `${show(found)}, source ${found.source}${found.file ? ` ${found.file}` : ''}`
    : 'no such setting';
  if (due) {
    const why = 'The server has read the new value, but takes it only at a restart.';
    return failed(question, 'setting-not-applied', `${saw}, restart pending`, why);
  }
  return notFromFile(observation, args, question, saw);
}

/** The server does not have it: because the file does not say it, or because it has not read the file. */
function notFromFile(observation: Observation, args: SettingArgs, question: Question, saw: string): Verdict {
  const inFile = judgeFile(observation, args);
  if (inFile.state === 'passed') {
    const why = `The file is right, but the server has not read it. Is ${args.in} mounted, and named by config_file? Then restart.`;
    return failed(question, 'setting-not-applied', saw, why);
  }
  if (inFile.state === 'failed') return { ...inFile, saw: `${inFile.saw}; the server has ${saw}` };
  return failed(
    question,
    'setting-wrong',
    saw,
    `The server has another value, and ${args.in} can not be read.`,
  );
}

function applied(found: Setting, args: SettingArgs, probe: Probe, observation: Observation): boolean {
  if (!sameValue(args.setting, args.is, found.value, found.unit)) return false;
  if (found.source !== 'configuration file') return false;
  // postgresql.conf in the data folder is the one that initdb wrote: the server runs without the learner's file.
  const own = `${probe.settings.data_directory?.value ?? '?'}/postgresql.conf`;
  const { container } = observation.nodes[args.on];
  const mounts = 'mounts' in container ? container.mounts : [];
  return found.file !== own || mounts.some(({ target }) => target === own);
}

/** `256 MB`, but `16384 x 8kB`. */
function show({ value, unit }: Setting): string {
  if (!unit) return quote(value);
  return /^\d/.test(unit) ? `${value} x ${unit}` : `${value} ${unit}`;
}
