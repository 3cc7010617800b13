import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Names } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { fileReason } from './file-reason.ts';
import { toolFolder } from './progress.ts';

/** One line of `transcript.ndjson`: a command that really ran, and how it ended. */
export interface TranscriptEntry {
  at: string;
  task: string;
  command: string;
  exitCode: number | null;
  durationMs: number;
}

/** Stands for a password that is not one of the course's: nobody can put it back. */
const UNKNOWN = '***';

/** A password as `maskSecrets` leaves it. */
const TEMPLATE = /\{\{([\w-]*password)\}\}/g;

/**
 * Hides passwords. One of the course's own becomes `{{its_name}}`, as lessons write it, so that `restoreSecrets`
 * can put it back; whatever else stands behind a password option becomes `***`. Masked twice is masked once.
 */
export function maskSecrets(text: string, names: Names): string {
  const secrets = secretsOf(names);
  // A mark holds the place of a name until the end: a password may be a part of another one's name.
  const hidden = (value: string): string => {
    if (value === UNKNOWN || /^\0\d+\0$/.test(value) || value.replace(TEMPLATE, '') === '') return value;
    const at = secrets.findIndex((secret) => secret.value === value);
    return at < 0 ? UNKNOWN : `\0${at}\0`;
  };
  /** `lead`, then a value that may be in quotes. Those of an unknown password go with it. */
  const option = (lead: string, value: string): string => {
    const [, quote = '', bare = ''] = /^(['"]?)(.*)\1$/s.exec(value) ?? [];
    const mask = hidden(bare);
    return mask === UNKNOWN ? `${lead.replace(/\s*=\s*$/, '=')}${mask}` : `${lead}${quote}${mask}${quote}`;
  };
  const masked = text
    .replace(/\b(PASSWORD\s+)'((?:[^']|'')*)'/gi, (_, lead: string, value: string) =>
      hidden(value) === UNKNOWN ? `PASSWORD '${UNKNOWN}'` : `${lead}'${hidden(value)}'`,
    )
    // -e "PGPASSWORD=two words": the quote may stand before the name or after it.
    .replace(
      /(['"])([A-Z0-9_]*PASSWORD)=(.*?)\1/g,
      (_, quote: string, name: string, value: string) => `${quote}${name}=${hidden(value)}${quote}`,
    )
    .replace(/\b([A-Z0-9_]*PASSWORD=)('[^']*'|"[^"]*"|[^\s'"]+)/g, (_, lead: string, value: string) =>
      option(lead, value),
    )
    // As a property of a Compose file.
    .replace(
      /\b([A-Z0-9_]*PASSWORD:[ \t]+)('[^'\n]*'|"[^"\n]*"|[^\s'"#]+)/g,
      (_, lead: string, value: string) => option(lead, value),
    )
    .replace(/\b(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s'"]+)/gi, (_, lead: string, value: string) =>
      option(lead, value),
    )
    .replace(
      /(postgres(?:ql)?:\/\/[^\s:@/]*:)([^\s@/]*)@/gi,
      (_, lead: string, value: string) => `${lead}${hidden(value)}@`,
    );
  return maskEverywhere(masked, secrets).replace(
    /\0(\d+)\0/g,
    (_, at: string) => `{{${secrets[Number(at)]?.name}}}`,
  );
}

/** Puts the course's passwords back into a masked text; null where one of them is not known. */
export function restoreSecrets(masked: string, names: Names): string | null {
  if (masked.includes(UNKNOWN)) return null;
  return masked.replace(TEMPLATE, (whole, name: string) => names[name] ?? whole);
}

interface Secret {
  name: string;
  value: string;
  /** Hidden wherever it stands. `postgres` is user, password and program at once: nothing would be readable. */
  everywhere: boolean;
}

/** The course's passwords, the longest first, so that no end of one stays. */
function secretsOf(names: Names): Secret[] {
  const isSecret = (name: string) => name.endsWith('password');
  return Object.entries(names)
    .filter(([name, value]) => isSecret(name) && value.length > 0)
    .map(([name, value]) => {
      const everywhere = !Object.entries(names).some(([other, same]) => !isSecret(other) && same === value);
      return { name, value, everywhere };
    })
    .sort((a, b) => b.value.length - a.value.length);
}

function maskEverywhere(text: string, secrets: Secret[]): string {
  const values = secrets.filter(({ everywhere }) => everywhere).map(({ value }) => value);
  if (values.length === 0) return text;
  const literal = values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // What is masked already comes first, and stays.
  const either = new RegExp(`\\0\\d+\\0|${TEMPLATE.source}|(?<secret>${literal.join('|')})`, 'g');
  return text.replace(either, (whole) => {
    const at = secrets.findIndex(({ value, everywhere }) => everywhere && value === whole);
    return at < 0 ? whole : `\0${at}\0`;
  });
}

export async function appendTranscript(workspace: string, entry: TranscriptEntry): Promise<void> {
  const folder = toolFolder(workspace);
  await mkdir(folder, { recursive: true });
  await appendFile(transcriptFile(workspace), `${JSON.stringify(entry)}\n`);
}

/**
 * What ran in this workspace, oldest first, and how many lines are no entries (cut short, changed by hand). Both are
 * empty where nothing ran yet. Throws UserError where the file is there and can't be read.
 */
export async function readTranscript(
  workspace: string,
): Promise<{ entries: TranscriptEntry[]; damaged: number }> {
  const file = transcriptFile(workspace);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return { entries: [], damaged: 0 };
    const reason = code === 'EACCES' || code === 'EPERM' ? 'you may not read it' : fileReason(error);
    throw new UserError(
      `The file ${file} can't be read: ${reason}.`,
      'Mend that, then try again.',
      EXIT.unusable,
    );
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.flatMap((line) => entryIn(line) ?? []);
  return { entries, damaged: lines.length - entries.length };
}

function entryIn(line: string): TranscriptEntry | null {
  try {
    const { at, task, command, exitCode, durationMs } = Object(JSON.parse(line)) as Record<string, unknown>;
    const whole =
      typeof at === 'string' &&
      !Number.isNaN(Date.parse(at)) &&
      typeof task === 'string' &&
      typeof command === 'string' &&
      typeof durationMs === 'number' &&
      (exitCode === null || typeof exitCode === 'number');
    return whole ? { at, task, command, exitCode, durationMs } : null;
  } catch {
    return null;
  }
}

const transcriptFile = (workspace: string): string => path.join(toolFolder(workspace), 'transcript.ndjson');
