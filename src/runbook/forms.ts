import type { Names } from '../course/types.ts';
import { adaptCommand, type MachineFacts, withoutTerminal } from '../lab/adapt.ts';
import { maskSecrets } from '../learn/transcript.ts';

/** Who runs the commands, and where; the rest of a machine is tried in all ways. */
export interface Runner {
  uid: number;
  gid: number;
  lab: 'docker' | 'sandbox';
}

/** The forms that a lesson's command takes on one machine or another. */
export interface Forms {
  /** The same form as a text for a script; null where the masked command is none of them. */
  find(masked: string): string | null;
  /** The form for a machine of which nothing is known but its user. */
  anywhere: string;
  /** How much of the lesson's command stands in another one: from 0 to 1, counted in words. */
  likeness(masked: string): number;
}

/**
 * @param command the lesson's command, with the learner's project in it
 * @param scripted the same with PROJECT_MARK for the project
 */
export function formsOf(command: string, scripted: string, names: Names, runner: Runner): Forms {
  const shapeOf = (masked: string) => shape(masked, names.network ?? '');
  const byShape = new Map<string, string>();
  const add = (form: string, text: string) =>
    byShape.set(shapeOf(maskSecrets(form, names)), withoutTerminal(text));
  add(command, scripted);
  for (const facts of machines(names, runner))
    add(adaptCommand(command, facts).command, adaptCommand(scripted, facts).command);
  return {
    find: (masked) => byShape.get(shapeOf(masked)) ?? null,
    anywhere: adaptCommand(scripted, {
      ...facts(names, runner),
      root: runner.uid === 0,
      // Containers run as another user in Docker, and as oneself in the sandbox.
      ownData: runner.lab === 'sandbox',
      // What is missing is pulled when the first container is made.
      imagePresent: true,
    }).command,
    likeness(masked) {
      const words = new Set(shapeOf(masked).split(' '));
      const shares = [...byShape.keys()].map((form) => {
        const wanted = form.split(' ');
        return wanted.filter((word) => words.has(word)).length / wanted.length;
      });
      return Math.max(...shares);
    },
  };
}

function facts(names: Names, { uid, gid }: Runner): MachineFacts {
  const { image = '', leader = '', superuser = '', database = '' } = names;
  const unknown = { root: false, sudo: false, ownData: false, rootless: false, imagePresent: false };
  return { ...unknown, image, leader, superuser, database, uid, gid };
}

/** Every kind of machine that a command is adapted to. */
function machines(names: Names, runner: Runner): MachineFacts[] {
  const kinds = ['root', 'sudo', 'ownData', 'rootless', 'imagePresent'] as const;
  return Array.from({ length: 2 ** kinds.length }, (_, bits) => ({
    ...facts(names, runner),
    ...Object.fromEntries(kinds.map((kind, at) => [kind, ((bits >> at) & 1) === 1])),
  }));
}

/**
 * A masked command without what may differ between two of the same: how lines are broken, which password it was
 * (older transcripts don't tell), and the name of the folder, which Compose puts before the network's.
 */
function shape(masked: string, network: string): string {
  const text = masked
    .replace(/\{\{[\w-]*password\}\}/g, '***')
    .replace(/\\\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (network === '') return text;
  return text.replace(new RegExp(`[a-z0-9_-]+_${network.replaceAll('.', '\\.')}`, 'g'), `@_${network}`);
}
