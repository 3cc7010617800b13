import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Names } from '../course/types.ts';
import { toolFolder } from './progress.ts';

/** One line of `transcript.ndjson`: a command that really ran, and how it ended. */
export interface TranscriptEntry {
  at: string;
  task: string;
  command: string;
  exitCode: number | null;
  durationMs: number;
}

/** Hides the course's passwords, and whatever stands behind a password option. */
export function maskSecrets(text: string, names: Names): string {
  const secrets = Object.entries(names)
    .filter(([name, value]) => name.endsWith('password') && value.length > 0)
    .map(([, value]) => value)
    // `postgres` is user, password and program at once: hidden everywhere, nothing would be readable.
    .filter(
      (value) =>
        !Object.entries(names).some(([name, other]) => !name.endsWith('password') && other === value),
    )
    .sort((a, b) => b.length - a.length);
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, '***');
  return (
    masked
      .replace(/\bPASSWORD\s+'(?:[^']|'')*'/gi, "PASSWORD '***'")
      // -e "PGPASSWORD=two words": the quote may stand before the name or after it.
      .replace(/(['"])(PGPASSWORD|POSTGRES_PASSWORD)=.*?\1/g, '$1$2=***$1')
      .replace(/\b(PGPASSWORD|POSTGRES_PASSWORD)=(?:'[^']*'|"[^"]*"|[^\s'"]+)/g, '$1=***')
      .replace(/\b(password)\s*=\s*(?:'(?:[^'\\]|\\.)*'|[^\s'"]+)/gi, '$1=***')
      .replace(/(postgres(?:ql)?:\/\/[^\s:@/]*:)[^\s@/]*@/gi, '$1***@')
  );
}

export async function appendTranscript(workspace: string, entry: TranscriptEntry): Promise<void> {
  const folder = toolFolder(workspace);
  await mkdir(folder, { recursive: true });
  await appendFile(path.join(folder, 'transcript.ndjson'), `${JSON.stringify(entry)}\n`);
}
