import type { Task } from '../course/types.ts';
import { enterDoes, taskAt } from '../learn/select.ts';
import type { Intent, WalkState } from '../learn/state.ts';

/** A key as the tables name it: a character, or the name of a key that has none. */
type KeyName = string;

/** What is in front of the learner; it decides what the keys mean. */
export type Situation = WalkState['mode']['kind'] | 'busy' | 'leaving';

export interface KeyBinding {
  key: KeyName;
  /** How the key is written in the legend. */
  shown: string | ((state: WalkState) => string);
  /** For `digit` the option is that of the key pressed. */
  intent: Intent;
  /** A word or two for the legend and for the choices of plain mode. '' keeps it out of both. */
  label: string | ((state: WalkState) => string);
  /** A sentence part for the help. */
  help: string;
  when: readonly Situation[];
  /** A condition beyond the situation. */
  only?: (state: WalkState) => boolean;
}

const MAIN: readonly Situation[] = ['task', 'predict', 'done'];

/** Every key of the walk, most wanted first: the legend leaves out from the end when the window is narrow. */
export const KEYS: readonly KeyBinding[] = [
  {
    key: 'digit',
    shown: (state) => `1-${taskAt(state).prediction?.options.length ?? 1}`,
    intent: { kind: 'choose', option: 0 },
    label: 'answer',
    help: '',
    when: ['predict'],
  },
  {
    key: 'digit',
    shown: '1-3',
    intent: { kind: 'choose', option: 0 },
    label: 'choose',
    help: '',
    when: ['skip'],
  },
  {
    key: 'digit',
    shown: '1-2',
    intent: { kind: 'choose', option: 0 },
    label: 'choose',
    help: '',
    when: ['test-out'],
  },
  {
    key: 'enter',
    shown: 'Enter',
    intent: { kind: 'enter' },
    label: 'walk through it',
    help: '',
    when: ['test-out'],
  },
  { key: 'escape', shown: 'Esc', intent: { kind: 'close' }, label: '', help: '', when: ['test-out'] },
  {
    key: 'enter',
    shown: 'Enter',
    intent: { kind: 'enter' },
    label: enterLabel,
    help: 'do what the task asks, or go on when its checks hold',
    when: ['task'],
  },
  {
    key: 'enter',
    shown: 'Enter',
    intent: { kind: 'enter' },
    label: 'skip the question',
    help: '',
    when: ['predict'],
  },
  { key: 'enter', shown: 'Enter', intent: { kind: 'enter' }, label: 'finish', help: '', when: ['done'] },
  {
    key: 'r',
    shown: 'r',
    intent: { kind: 'again' },
    // While the task is open, Enter says the same.
    label: (state) => (enterDoes(state) === 'next' ? 'run again' : ''),
    help: 'run the command again',
    when: ['task'],
    only: (state) => taskAt(state).action.kind !== 'read',
  },
  {
    key: 's',
    shown: 's',
    intent: { kind: 'skip' },
    label: 'skip',
    help: 'skip the task',
    when: ['task', 'predict'],
    only: (state) => enterDoes(state) !== 'next' && !onlyRead(taskAt(state)),
  },
  {
    key: 'e',
    shown: 'e',
    intent: { kind: 'edit' },
    label: 'edit',
    help: 'edit the command before it runs',
    when: ['task'],
    only: (state) => taskAt(state).action.kind === 'command',
  },
  {
    key: 'h',
    shown: 'h',
    intent: { kind: 'hint' },
    label: 'hint',
    help: 'the next hint',
    when: ['task'],
    only: (state) => taskAt(state).hints.length > 0,
  },
  {
    key: '?',
    shown: '?',
    intent: { kind: 'concepts' },
    label: 'concepts',
    help: 'the ideas behind this lesson, and these keys',
    when: MAIN,
  },
  {
    key: 'l',
    shown: 'l',
    intent: { kind: 'lessons' },
    label: 'lessons',
    help: 'all lessons, to go to one',
    when: MAIN,
  },
  {
    key: 'b',
    shown: 'b',
    intent: { kind: 'back' },
    label: 'back',
    help: 'the task before this one',
    when: MAIN,
  },
  {
    key: ':',
    shown: ':',
    intent: { kind: 'command' },
    label: 'command',
    help: 'type a command of your own; up and down bring earlier ones',
    when: MAIN,
  },
  {
    key: 'o',
    shown: 'o',
    intent: { kind: 'output' },
    label: 'whole output',
    help: 'the whole output of the last command, in your pager',
    when: ['task'],
    only: (state) => state.visit.lastResult !== null,
  },
  {
    key: 't',
    shown: 't',
    intent: { kind: 'shell' },
    label: 'shell',
    help: 'your own shell in this folder, until you type exit',
    when: MAIN,
  },
  { key: 'escape', shown: 'Esc', intent: { kind: 'close' }, label: 'stay', help: '', when: ['skip'] },
  {
    key: 'y',
    shown: 'y',
    intent: { kind: 'quit' },
    label: 'stop it and quit',
    help: '',
    when: ['leaving'],
  },
  { key: 'n', shown: 'n', intent: { kind: 'close' }, label: 'go on', help: '', when: ['leaving'] },
  { key: 'escape', shown: 'Esc', intent: { kind: 'close' }, label: '', help: '', when: ['leaving'] },
  { key: 'enter', shown: 'Enter', intent: { kind: 'close' }, label: '', help: '', when: ['leaving'] },
  {
    key: 'ctrl-c',
    shown: 'Ctrl-C',
    intent: { kind: 'interrupt' },
    label: ({ activity }) => {
      if (activity.kind === 'running' && !activity.stopping) return 'stop';
      return activity.kind === 'checking' && !activity.stopping ? 'stop waiting' : 'quit now';
    },
    help: 'stop the command or the waiting; when there is none, quit',
    when: ['busy', 'leaving'],
  },
  {
    key: 'ctrl-c',
    shown: 'Ctrl-C',
    intent: { kind: 'interrupt' },
    label: '',
    help: '',
    when: [...MAIN, 'edit', 'skip', 'test-out', 'lessons', 'concepts'],
  },
  {
    key: 'q',
    shown: 'q',
    intent: { kind: 'leave' },
    label: 'quit',
    help: 'quit; your place is kept',
    when: [...MAIN, 'skip', 'test-out', 'busy'],
  },
];

/** Keys of the overlays. They have no intent of their own: the list, the pages and the editor answer them. */
export const OVERLAY_KEYS: Readonly<
  Record<'lessons' | 'search' | 'concepts' | 'edit', readonly (readonly [string, string])[]>
> = {
  lessons: [
    ['Enter', 'go there'],
    ['^v', 'choose'],
    ['1-12', 'by number'],
    ['a-z', 'search'],
    ['Esc', 'close'],
  ],
  search: [
    ['Enter', 'go there'],
    ['^v', 'choose'],
    ['Backspace', 'take a letter away'],
    ['Esc', 'all lessons'],
  ],
  concepts: [
    ['Space', 'on'],
    ['b', 'back'],
    ['1-9', 'page'],
    ['q', 'close'],
  ],
  edit: [
    ['Enter', 'run it'],
    ['Esc', 'cancel'],
    ['^v', 'earlier ones'],
    ['Ctrl-A', 'start'],
    ['Ctrl-E', 'end'],
    ['Ctrl-U', 'clear'],
    ['Ctrl-W', 'word'],
  ],
};

/** What Enter does for the task at hand. */
function enterLabel(state: WalkState): string {
  const { action } = taskAt(state);
  const does = enterDoes(state);
  if (does !== 'act') return does === 'look' ? 'check' : 'next';
  if (action.kind === 'write') return action.files.length > 1 ? 'write the files' : 'write the file';
  return state.visit.acted ? 'run again' : 'run';
}

/** Enter goes past such a task: there is nothing to skip. */
function onlyRead(task: Task): boolean {
  return task.action.kind === 'read' && task.checks.length === 0;
}
