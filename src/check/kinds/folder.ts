import type { FileState, Observation } from '../../observe/types.ts';
import { choice, only, text } from '../args.ts';
import type { Verdict } from '../finding.ts';
import type { CheckKind } from '../kind.ts';
import { dataNode } from '../paths.ts';
import { cannotAsk, failed, passed, type Question, quote } from '../verdict.ts';

const ACCEPTS = ['is'] as const;

interface FolderArgs {
  folder: string;
  is?: 'mine' | 'empty' | undefined;
}

type Folder = Extract<FileState, { kind: 'folder' }>;

/** The workspace itself: its owner is the user who runs the tool, as far as an observation can tell. */
const WORKSPACE = '.';

export const folder: CheckKind<FolderArgs> = {
  kind: 'folder',
  accepts: ACCEPTS,
  mistakes: ['folder-missing', 'folder-not-empty', 'data-ownership'],
  parse(raw) {
    only(raw, 'folder', ACCEPTS);
    const is = raw.is === undefined ? undefined : choice(raw, 'is', ['mine', 'empty']);
    return { folder: text(raw, 'folder'), is };
  },
  title({ folder, is }) {
    if (is === 'mine') return `${folder} belongs to you`;
    return is === 'empty' ? `${folder} is empty` : `${folder} is a folder`;
  },
  why({ is }) {
    if (is === 'mine') return 'A folder of another user can not be cleared or read without sudo.';
    if (is === 'empty')
      return 'pg_basebackup refuses a folder that is not empty, and PostgreSQL would take old data over.';
    return 'Docker mounts this folder. If it is missing, Docker makes one that belongs to root.';
  },
  reads(args) {
    const node = args.is === 'empty' ? dataNode(args.folder) : null;
    const files = args.is === 'mine' ? [args.folder, WORKSPACE] : [args.folder];
    return { files, ...(node && { data: [node] }) };
  },
  judge(observation, args) {
    const question = { probe: args.folder, wanted: folder.title(args) };
    const found = observation.files[args.folder] ?? { kind: 'missing' };
    if (found.kind !== 'folder') {
      const saw = found.kind === 'missing' ? `no folder ${args.folder}` : `${args.folder} is no folder`;
      return failed(question, 'folder-missing', saw, 'A later step needs this folder. `mkdir -p` makes it.');
    }
    if (args.is === 'mine') return judgeOwner(observation, args, found, question);
    if (args.is === 'empty') return judgeEmpty(observation, args, found, question);
    return passed(question, `${args.folder} is a folder`);
  },
};

function judgeOwner(observation: Observation, args: FolderArgs, found: Folder, question: Question): Verdict {
  const own = observation.files[WORKSPACE];
  if (own?.kind !== 'folder') {
    return cannotAsk(question, null, 'the owner of your folder is not known', folder.why(args));
  }
  const saw = `it belongs to user ${found.uid}`;
  if (own.uid === found.uid) return passed(question, saw);
  return failed(question, 'data-ownership', `${saw}, your folder to user ${own.uid}`, folder.why(args));
}

/** A folder of mode 0700 hides its entries from us, and from the shell's `*`: that is asked from a container. */
function judgeEmpty(observation: Observation, args: FolderArgs, found: Folder, question: Question): Verdict {
  const node = dataNode(args.folder);
  const data = node ? observation.nodes[node].data : undefined;
  if (found.entries === null && data?.state !== 'read') {
    const reason = data?.state === 'unreadable' ? quote(data.message) : 'we may not look into it';
    return cannotAsk(question, null, reason, folder.why(args));
  }
  const empty = found.entries === null ? data?.state === 'read' && data.empty : found.entries === 0;
  if (empty) return passed(question, 'it holds nothing');
  const saw = found.entries === null ? 'it still holds files' : `it still holds ${found.entries} entries`;
  return failed(question, 'folder-not-empty', saw, folder.why(args));
}
