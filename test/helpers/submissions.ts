import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Files, Submission } from './submissions/change.ts';
import { IN_COMPOSE } from './submissions/compose.ts';
import { IN_FOLLOWER_SCRIPT } from './submissions/follower-script.ts';
import { IN_LEADER_SCRIPT } from './submissions/leader-script.ts';
import { IN_DATA, IN_SETTINGS } from './submissions/settings.ts';
import { NEXT_TO_NOTHING, SEVERAL } from './submissions/several.ts';
import { UNUSUAL } from './submissions/unusual.ts';

export type { Submission } from './submissions/change.ts';

/** What the grader is tested with. The order spreads those that wait for something over the run. */
export const SUBMISSIONS: readonly Submission[] = [
  ...IN_COMPOSE,
  ...IN_SETTINGS,
  ...IN_LEADER_SCRIPT,
  ...IN_FOLLOWER_SCRIPT,
  ...SEVERAL,
  ...NEXT_TO_NOTHING,
  ...IN_DATA,
  ...UNUSUAL,
];

const REFERENCE = 'assets/solutions';

/** A submission's files: those of the reference solution, changed. */
export function filesOf({ change }: Submission): Files {
  const files: Files = new Map();
  for (const entry of readdirSync(REFERENCE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    files.set(path.relative(REFERENCE, full).replaceAll('\\', '/'), readFileSync(full, 'utf8'));
  }
  change(files);
  return files;
}
