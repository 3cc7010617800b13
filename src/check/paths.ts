import { type FileState, NODES, type NodeName, type Observation } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import { cannotAsk, failed, type Question } from './verdict.ts';

export type RegularFile = Extract<FileState, { kind: 'file' }>;

/** The regular file at the path, or the verdict that says why there is none. */
export function regularFile(
  observation: Observation,
  path: string,
  question: Question,
): RegularFile | Verdict {
  const found = observation.files[path] ?? { kind: 'missing' };
  if (found.kind === 'file') return found;
  if (found.kind === 'folder') {
    const why =
      'Docker makes a folder where a file to be mounted is missing. Stop, remove the folder, write the file.';
    return failed(question, 'file-is-folder', `${path} is a folder`, why);
  }
  const saw = found.kind === 'other' ? `${path} is ${found.what}` : `no file ${path}`;
  return failed(question, 'file-missing', saw, 'A later step needs this file, with exactly this name.');
}

/** Its text, or an `error` verdict when it could not be read. */
export function textOf(file: RegularFile, path: string, question: Question): string | Verdict {
  if (file.text !== null) return file.text;
  const saw = `${path} (${file.bytes} bytes) could not be read`;
  return cannotAsk(question, null, saw, 'It is too large, or we may not read it.');
}

/** The node whose data folder this path is: `leader-data`. */
export function dataNode(path: string): NodeName | null {
  return NODES.find((node) => path.replace(/^\.\/|\/+$/g, '') === `${node}-data`) ?? null;
}
