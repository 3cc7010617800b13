import { judge } from '../check/registry.ts';
import { describePlace } from '../course/place.ts';
import type { CheckSpec, Course } from '../course/types.ts';
import type { Lab } from '../lab/lab.ts';
import { runInTerminal, wantsTerminal } from '../lab/run-in-terminal.ts';
import { type Appraisal, appraiseLesson } from './appraise.ts';
import type { Driver, Lend } from './driver-types.ts';
import { allLastingChecks, examine } from './examine.ts';
import { FullOutput, outputFile } from './full-output.ts';
import { askLive, type Question } from './live-answer.ts';
import { freeChecks, needsMore, shallow, shapeOf } from './look.ts';
import { OutputBuffer } from './output.ts';
import { patienceFor } from './patience.ts';
import { saveProgress, toProgress } from './progress.ts';
import { reduce, type StartOptions, startWalk } from './reduce.ts';
import { lessonAt, taskAt } from './select.ts';
import type { Effect, FeedItem, WalkEvent } from './state.ts';
import { appendTranscript, maskSecrets } from './transcript.ts';
import { writeFiles } from './write-files.ts';

export interface DriverOptions extends StartOptions {
  course: Course;
  lab: Lab;
  /** ISO time at which the walk was begun, kept over sessions. */
  startedAt: string;
  /** Output goes to the transcript as it comes (plain lines) or in one piece when the command ends (live region). */
  streamOutput: boolean;
  /** Look at the lab once a second while nothing runs. */
  poll: boolean;
  /** Lines that are said before the first key. */
  opening?: readonly string[];
}

const POLL_MS = 1000;
/**
 * After so long with no key and no change, only every second look is taken. A walk left open in a corner for an hour
 * should cost next to nothing; whatever happens next brings the pace back.
 */
const REST_AFTER_MS = 60_000;
/** How often the driver looks again while it waits for something that takes time. */
const RETRY_MS = 150;
/** How long an arrival at a lesson may wait until it is known whether all of it holds. */
const APPRAISE_MS = 3000;
/** Output is passed on in batches: a flood must not cost one redraw a line. */
const BATCH_MS = 50;
const LIVE_LINES = 200;

/** Runs the reducer's effects on a lab. The one driver under the walk, plain lines and `run`. */
export function startDriver(options: DriverOptions): Driver {
  const { course, lab } = options;
  const begun = startWalk(course, options);
  let state = begun.state;
  const feed: FeedItem[] = [];
  const listeners = new Set<() => void>();
  const feedListeners = new Set<(item: FeedItem) => void>();
  let output = new OutputBuffer();
  let abort = new AbortController();
  let polling = false;
  let free: CheckSpec[] | undefined;
  let lastShape = '';
  let stirredAt = performance.now();
  let saving: Promise<void> = Promise.resolve();
  let finish: (code: number) => void = () => {};
  let ended = false;
  let lend: Lend | null = null;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });

  const notify = () => {
    for (const listener of listeners) listener();
  };
  const append = (item: FeedItem) => {
    feed.push(item);
    for (const listener of feedListeners) listener(item);
  };
  const dispatch = (event: WalkEvent) => {
    if (ended) return;
    const place = state.place;
    const step = reduce(state, event);
    state = step.state;
    if (event.kind !== 'observed' && event.kind !== 'polled') stirredAt = performance.now();
    for (const effect of step.effects) perform(effect);
    // Below the first text, where it is still on the screen when the learner begins.
    if (event.kind === 'opened')
      for (const text of options.opening ?? []) append({ kind: 'say', tone: 'plain', text });
    notify();
    if (state.place !== place) void poll();
  };

  /** Starts an effect. What fails in a way that nobody foresaw is said, and the walk goes on. */
  function perform(effect: Effect): void {
    const attempt = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        dispatch({ kind: 'broke', message: error instanceof Error ? error.message : String(error) });
      }
    };
    switch (effect.kind) {
      case 'feed':
        append(effect.item);
        return;
      case 'save':
        save();
        return;
      case 'stop':
        abort.abort();
        return;
      case 'exit':
        void end(effect.code);
        return;
      case 'open':
        void attempt(openWalk);
        return;
      case 'adapt':
        void lab
          .adapt(effect.command)
          // What can't be found out now is asked again when the command runs.
          .then(
            (adaptation) => dispatch({ kind: 'adapted', taskId: effect.taskId, adaptation }),
            () => {},
          );
        return;
      case 'judge':
        void attempt(() => judgeNow(effect.scope, effect.patient));
        return;
      case 'survey':
        void attempt(async () => {
          const { findings, observation } = await examine(lab, course, allLastingChecks(course));
          dispatch({ kind: 'observed', findings, observation });
        });
        return;
      case 'appraise':
        void attempt(appraise);
        return;
      case 'run':
        void attempt(() => tracked(runInLab(effect)));
        return;
      case 'shell':
        void attempt(() =>
          tracked(
            handOver(
              null,
              'Open your shell in a terminal: npx walkthrough shell.',
              `Your own shell, in ${lab.workspace}. Type exit to come back.`,
            ),
          ),
        );
        return;
      case 'output':
        void attempt(() => {
          const file = outputFile(lab.workspace);
          return tracked(handOver(pagerFor(file), `The whole output is in ${file}.`));
        });
        return;
      case 'ask':
        for (const id of effect.concepts) {
          const query = course.concepts.find((one) => one.id === id)?.query;
          const ask = async (question: Question) =>
            dispatch({ kind: 'answered', concept: id, answer: await askLive(lab, course, question) });
          if (query) void attempt(() => ask(query));
        }
        return;
      case 'write':
        void attempt(async () => {
          const report = await writeFiles(lab.workspace, course, effect.files);
          for (const line of report.done) append({ kind: 'say', tone: 'plain', text: line });
          // Whoever lets the tool write a file wants to have seen it whole.
          if (!options.unattended && report.problems.length === 0) {
            for (const { from } of effect.files)
              append({ kind: 'code', text: (course.files[from] ?? '').trimEnd() });
          }
          dispatch({ kind: 'wrote', problems: report.problems });
        });
    }
  }

  function save(): void {
    const progress = toProgress(state, lab.kind, options.startedAt, now());
    // One after the other: two writers of one file could finish in the wrong order.
    saving = saving.then(() => saveProgress(lab.workspace, progress)).catch(noteUnsaved);
  }

  let unsavedSaid = false;
  function noteUnsaved(error: Error): void {
    if (unsavedSaid) return;
    unsavedSaid = true;
    append({ kind: 'say', tone: 'warn', text: `Your place can't be saved: ${error.message}.` });
  }

  async function end(code: number): Promise<void> {
    if (ended) return;
    ended = true;
    await runningCommand;
    await saving;
    finish(code);
  }

  async function openWalk(): Promise<void> {
    const begunBefore = Object.values(state.records).some((record) => record.everPassed);
    // Nothing was ever passed: there is nothing to verify, and nothing worth waiting for.
    const specs = begunBefore ? allLastingChecks(course) : [];
    const { findings, observation } = await examine(lab, course, specs);
    dispatch({ kind: 'opened', findings, observation, now: now() });
    // Said, not enforced: the first lessons can be read and done while Docker is still being installed.
    if (!options.unattended) await warnOfProblems();
  }

  async function warnOfProblems(): Promise<void> {
    for (const { message, next } of await lab.ready()) {
      append({ kind: 'say', tone: 'warn', text: `${message}\n${next}` });
    }
  }

  async function judgeNow(scope: 'task' | 'all', patient: boolean): Promise<void> {
    const started = Date.now();
    const specs = scope === 'all' ? allLastingChecks(course) : taskAt(state).checks;
    abort = new AbortController();
    for (;;) {
      const { findings, observation } = await examine(lab, course, specs);
      const patience = patient ? patienceFor(findings, observation) : 0;
      const final = Date.now() - started >= patience || abort.signal.aborted;
      lastShape = shapeOf(taskAt(state).id, observation);
      dispatch({ kind: 'judged', scope, findings, observation, final, now: now() });
      if (final || ended) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** The keys wait for it, so it ends in time, or when the learner does not want to wait. */
  async function appraise(): Promise<void> {
    abort = new AbortController();
    const enough = new Promise<Appraisal>((resolve) => {
      const give = () => resolve({ findings: [], observation: null });
      abort.signal.addEventListener('abort', give);
      setTimeout(give, APPRAISE_MS).unref();
    });
    const found = appraiseLesson(lab, course, lessonAt(state)).catch(() => enough);
    dispatch({ kind: 'appraised', ...(await Promise.race([found, enough])) });
    void poll();
  }

  let runningCommand: Promise<void> = Promise.resolve();
  function tracked(running: Promise<void>): Promise<void> {
    runningCommand = running.catch(() => {});
    return running;
  }

  /**
   * Gives the terminal to a program, or to the learner's shell (`null`), that is no task's action.
   * @param instead What to do where there is no terminal.
   */
  async function handOver(command: string | null, instead: string, words?: string): Promise<void> {
    abort = new AbortController();
    const { signal } = abort;
    const text = lend === null ? `There is no terminal to hand over. ${instead}` : words;
    if (text !== undefined) append({ kind: 'say', tone: 'plain', text });
    await lend?.(() => runInTerminal(command, lab.shell, signal));
    dispatch({ kind: 'returned' });
  }

  async function runInLab(effect: Extract<Effect, { kind: 'run' }>): Promise<void> {
    abort = new AbortController();
    const { signal } = abort;
    const task = taskAt(state);
    const adaptation = effect.adapt ? await lab.adapt(effect.command) : state.visit.adaptation;
    const command = effect.adapt ? (adaptation?.command ?? effect.command) : effect.command;
    const shown = task.action.kind === 'command' && !effect.own ? task.action.command : command;
    const reasons = !effect.own && command === adaptation?.command ? adaptation.reasons : [];
    append({
      kind: 'command',
      command: reasons.length > 0 ? shown : command,
      place: describePlace(command),
      ...(reasons.length > 0 ? { adapted: command } : {}),
      reasons,
    });
    output = new OutputBuffer();
    let batch: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = () => {
      timer = undefined;
      if (options.streamOutput && batch.length > 0) append({ kind: 'output', text: batch.join('\n') });
      batch = [];
      notify();
    };
    const take = (lines: string[]) => {
      if (options.streamOutput) batch.push(...lines);
      timer ??= setTimeout(flush, BATCH_MS);
    };
    const full = new FullOutput(lab.workspace);
    const taken = (chunk: string) => {
      full.add(chunk);
      take(output.add(chunk));
    };
    const result =
      lend !== null && wantsTerminal(command)
        ? await lend(() => runInTerminal(command, lab.shell, signal))
        : await lab.run(command, { onOutput: taken, signal });
    full.close();
    take(output.flush());
    clearTimeout(timer);
    flush();
    const text = output.text();
    if (!options.streamOutput && text !== '') append({ kind: 'output', text });
    output = new OutputBuffer();
    const at = now();
    const entry = { at, task: task.id, command: maskSecrets(command, course.names), ...pick(result) };
    await appendTranscript(lab.workspace, entry).catch(noteUnsaved);
    // The same time in both, by which a task's record finds its command in the transcript.
    dispatch({ kind: 'ended', result, now: at });
  }

  /**
   * Looks at what the current task needs. Experiments and data folders can take a container each, so they are
   * asked only when something that we can see for free has changed.
   */
  async function poll(): Promise<void> {
    if (polling || ended || state.activity.kind !== 'idle') return;
    polling = true;
    try {
      const task = taskAt(state);
      const cheap = await examine(lab, course, task.checks, { request: shallow });
      const deep = needsMore(task.checks);
      const shape = shapeOf(task.id, cheap.observation);
      const changed = shape !== lastShape;
      if (changed) stirredAt = performance.now();
      lastShape = shape;
      free ??= freeChecks(course);
      const others = judge(free, cheap.observation);
      if (deep && !changed) {
        dispatch({ kind: 'observed', findings: others, observation: cheap.observation });
        return;
      }
      const { findings, observation } = deep ? await examine(lab, course, task.checks) : cheap;
      const all = [...others, ...findings];
      dispatch({ kind: 'polled', taskId: task.id, findings: all, observation, now: now() });
    } catch {
      // the lab is changing under our eyes; the next look will tell
    } finally {
      polling = false;
    }
  }

  let ticks = 0;
  const tick = (): void => {
    const resting = performance.now() - stirredAt > REST_AFTER_MS;
    ticks += 1;
    if (!resting || ticks % 2 === 0) void poll();
  };
  const pollTimer = options.poll ? setInterval(tick, POLL_MS) : undefined;
  void finished.then(() => clearInterval(pollTimer));
  for (const effect of begun.effects) perform(effect);

  return {
    getState: () => state,
    liveOutput: () => output.last(LIVE_LINES),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFeed(listener) {
      for (const item of feed) listener(item);
      feedListeners.add(listener);
      return () => feedListeners.delete(listener);
    },
    send: dispatch,
    lendTerminal(how) {
      lend = how;
    },
    finished,
  };
}

/** A command line that shows a file in the learner's pager. */
const pagerFor = (file: string) => `${'$'}{PAGER:-less -R} '${file.replaceAll("'", "'\\''")}'`;

const now = () => new Date().toISOString();

const pick = ({ exitCode, durationMs }: { exitCode: number | null; durationMs: number }) => ({
  exitCode,
  durationMs: Math.round(durationMs),
});
