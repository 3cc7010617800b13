import type { MistakeId } from '../../../src/check/mistakes.ts';

/** Text of a submission's files, by their path in it. */
export type Files = Map<string, string>;

export type Change = (files: Files) => void;

/** What a check costs the submission, and the mistake that its finding must name; null where it has no name. */
export type Loss = [points: number, mistake: MistakeId | null];

/** A submission: the reference solution as a student changed it, and the truth about its mark. */
export interface Submission {
  name: string;
  change: Change;
  score: number;
  /** By the check's id. Every other check gives all its points. */
  lost: Record<string, Loss>;
  /** Lessons that did not hold in the student's own work, and whose points were all given back. */
  givenBack?: string[];
  /** Where it is not the same there; the marks are. */
  givenBackOnDocker?: string[];
  /** Ids of its remarks, in order. */
  remarks?: string[];
}

export const COMPOSE = 'docker-compose.yml';
export const LEADER_CONF = 'leader/postgresql.conf';
export const LEADER_SCRIPT = 'leader/setup-leader.sh';
export const FOLLOWER_CONF = 'follower/postgresql.conf';
export const FOLLOWER_SCRIPT = 'follower/setup-follower.sh';
export const INVENTORY = 'inventory.sql';

/** Parts of the reference's scripts. */
export const WAITS = /# Over TCP[\s\S]*?\ndone\n/;
export const CREATES_USER = /if .*pg_roles[\s\S]*?\nfi\n/;
export const CREATES_SLOT = /if .*pg_replication_slots[\s\S]*?\nfi\n/;
export const ADDS_RULE = /if .*pg_hba_file_rules[\s\S]*?\nfi\n/;
export const EMPTIES_FOLDER = /# Empty the folder[\s\S]*?-delete\n/;
export const COPIES = /docker run --rm -e PGPASSWORD[\s\S]*?--slot=follower_slot\n/;

/** Replaces the first place of a text, or every one of an expression with the flag `g`. It must be there. */
export function edit(file: string, from: string | RegExp, to: string): Change {
  return (files) => {
    const before = files.get(file) ?? '';
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${file} has no ${from}`);
    files.set(file, after);
  };
}

/** `edit` in the follower's part of the compose file: the two services have most lines in common. */
export function editFollower(from: string | RegExp, to: string): Change {
  return (files) => {
    const before = files.get(COMPOSE) ?? '';
    const at = before.indexOf('  follower:');
    const part = before.slice(at);
    const after = part.replace(from, () => to);
    if (after === part) throw new Error(`the follower has no ${from}`);
    files.set(COMPOSE, before.slice(0, at) + after);
  };
}

export const put =
  (file: string, text: string): Change =>
  (files) =>
    void files.set(file, text);

export const append =
  (file: string, text: string): Change =>
  (files) =>
    void files.set(file, `${files.get(file)}${text}`);

export const remove =
  (...paths: string[]): Change =>
  (files) => {
    for (const file of paths) if (!files.delete(file)) throw new Error(`there is no ${file}`);
  };

export const all =
  (...changes: Change[]): Change =>
  (files) => {
    for (const change of changes) change(files);
  };

/** Saves it as an editor on Windows does. */
export const crlf = (file: string): Change => edit(file, /\n/g, '\r\n');
