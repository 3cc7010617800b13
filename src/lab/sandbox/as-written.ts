import path from 'node:path';
import type { HbaState, Probe, Setting } from '../../observe/types.ts';
import { maskPassword } from '../data-folder.ts';
import type { ServerUp } from '../lab.ts';
import { type Layout, pathTranslator } from './container/layout.ts';
import { ruleAddress } from './engine/hba.ts';
import type { Container } from './engine/types.ts';
import { textNow } from './files-now.ts';

/** The settings that the sandbox forces upon a server, because it is in no container. */
const FORCED = ['listen_addresses', 'primary_conninfo'] as const;

/** What the learner's files say of them now; the last line of a name counts. An expression that answers with JSON. */
export const FORCED_SQL = `
(SELECT coalesce(jsonb_object_agg(name, row), '{}') FROM (
  SELECT DISTINCT ON (name) name, jsonb_build_object('value', setting, 'file', sourcefile, 'line', sourceline) AS row
  FROM pg_file_settings WHERE name IN (${FORCED.map((name) => `'${name}'`).join(', ')}) ORDER BY name, seqno DESC) f)`;

type Said = Record<string, { value: string | null; file: string | null; line: number | null } | undefined>;

export interface Place {
  container: Container;
  layout: Layout;
  /** Real ports of all containers, and the ports in the container that they stand for. */
  ports: ReadonlyMap<number, number>;
}

/**
 * What a server said, as the learner's files and a container have it: paths of the container, the settings that the
 * sandbox had to force, the port behind `leader:5432`, addresses of rules.
 * @param answer The server's, to FORCED_SQL.
 */
export function asWritten(server: ServerUp, answer: unknown, place: Place): ServerUp {
  const translate = pathTranslator(place.layout, place.container.real.socketPort);
  const said = answer as Said;
  return {
    ...server,
    probe: probeAsWritten(server.probe, said, place, translate),
    hba: hbaAsWritten(server.hba, place, translate),
  };
}

type Translate = (text: string) => string;

function probeAsWritten(probe: Probe, said: Said, place: Place, translate: Translate): Probe {
  const settings: Record<string, Setting> = {};
  for (const [name, setting] of Object.entries(probe.settings)) {
    const file = setting.file === null ? null : translate(setting.file);
    settings[name] = { ...setting, file, value: PATHS.has(name) ? translate(setting.value) : setting.value };
  }
  const listen = forced(said.listen_addresses, 'localhost', translate);
  const started = place.container.real.listenAddresses ?? listen.value;
  settings.listen_addresses = { ...listen, value: started, pendingRestart: started !== listen.value };
  if (settings.primary_conninfo?.source === 'command line')
    settings.primary_conninfo = forced(said.primary_conninfo, '', translate);
  const { receiver } = probe;
  return {
    ...probe,
    settings,
    // A setting that the command line forces can't be applied from a file, and the server tells it as an error.
    confErrors: probe.confErrors
      .filter(({ name }) => !isForced(name))
      .map((one) => ({
        ...one,
        file: one.file === null ? null : translate(one.file),
        error: one.error === null ? null : translate(one.error),
      })),
    receiver: receiver && { ...receiver, port: place.ports.get(receiver.port ?? 0) ?? receiver.port },
  };
}

const isForced = (name: string | null) => FORCED.some((one) => one === name);

const PATHS = new Set(['config_file', 'hba_file', 'data_directory']);

function forced(said: Said[string], preset: string, translate: Translate): Setting {
  const base = { unit: null, pendingRestart: false };
  if (!said) return { ...base, value: preset, source: 'default', file: null, line: null };
  const { value, file, line } = said;
  return {
    ...base,
    value: maskPassword(value ?? preset),
    source: 'configuration file',
    file: file === null ? null : translate(file),
    line,
  };
}

/** The addresses of the rules as they stand in the learner's file. */
function hbaAsWritten(hba: HbaState, { layout }: Place, translate: Translate): HbaState {
  if (hba.state === 'unreadable') return { ...hba, message: translate(hba.message) };
  const file = path.join(layout.dataFolder, 'pg_hba.conf');
  const lines = (textNow(file) ?? '').split('\n');
  const rules = hba.rules.map((rule) =>
    rule.address === null
      ? rule
      : { ...rule, address: ruleAddress(lines[rule.line - 1] ?? '') ?? rule.address },
  );
  return { ...hba, rules };
}
