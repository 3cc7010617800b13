import type { CheckSpec } from '../course/types.ts';
import type { Observation, ObservationRequest } from '../observe/types.ts';
import { isRecord } from './args.ts';
import type { Finding } from './finding.ts';
import { ArgumentError, type CheckKind } from './kind.ts';
import { baseBackup } from './kinds/base-backup.ts';
import { compose } from './kinds/compose.ts';
import { containers } from './kinds/containers.ts';
import { dataset } from './kinds/dataset.ts';
import { engine } from './kinds/engine.ts';
import { file } from './kinds/file.ts';
import { folder } from './kinds/folder.ts';
import { image } from './kinds/image.ts';
import { readOnly } from './kinds/read-only.ts';
import { replicated } from './kinds/replicated.ts';
import { replicationLogin } from './kinds/replication-login.ts';
import { role } from './kinds/role.ts';
import { script } from './kinds/script.ts';
import { server } from './kinds/server.ts';
import { service } from './kinds/service.ts';
import { setting } from './kinds/setting.ts';
import { slot } from './kinds/slot.ts';
import { streaming } from './kinds/streaming.ts';
import { table } from './kinds/table.ts';

/** Every kind of check, by the key that names it in a lesson. */
export const KINDS: Record<string, CheckKind<unknown>> = Object.fromEntries(
  [
    folder,
    file,
    script,
    engine,
    image,
    compose,
    service,
    setting,
    dataset,
    containers,
    server,
    role,
    slot,
    replicationLogin,
    baseBackup,
    streaming,
    table,
    replicated,
    readOnly,
  ].map((kind): [string, CheckKind<unknown>] => [kind.kind, kind as CheckKind<unknown>]),
);

/**
 * The kind of a check as the lesson has it. Some arguments have the name of another kind (`server: leader` with
 * `role: primary`), so the kind is the one key that takes all the other kind names as its arguments.
 * Throws ArgumentError when there is none, or more than one.
 */
export function kindOf(raw: Record<string, unknown>): CheckKind<unknown> {
  const named = Object.keys(raw).filter((key) => Object.hasOwn(KINDS, key));
  if (named.length === 0) {
    throw new ArgumentError(
      Object.keys(raw)[0] ?? '',
      `No kind of check here. Kinds: ${Object.keys(KINDS).join(', ')}.`,
    );
  }
  const fitting = named.filter((key) =>
    named.every((other) => other === key || KINDS[key]?.accepts.includes(other)),
  );
  const kind = KINDS[fitting[0] ?? ''];
  if (fitting.length !== 1 || !kind) {
    throw new ArgumentError(named[1] ?? '', `A check has one kind, but this has ${named.join(' and ')}.`);
  }
  return kind;
}

/**
 * Judges every check against the one observation. Throws ArgumentError for a check that its kind can't use; a
 * course that was read without problems has none.
 * @param now Clock in milliseconds, for `Finding.ms`.
 */
export function judge(
  specs: readonly CheckSpec[],
  observation: Observation,
  now: () => number = () => performance.now(),
): Finding[] {
  return specs.map((spec) => {
    const { kind, args } = usable(spec);
    const started = now();
    const verdict = kind.judge(observation, args);
    const ms = Math.max(0, Math.round(now() - started));
    const title = spec.title ?? kind.title(args);
    const reason = kind.why(args);
    if (verdict.state === 'passed') {
      return { id: spec.id, title, ...verdict, wanted: kind.title(args), why: spec.why ?? reason, ms };
    }
    // The lesson's own reason replaces the general one. A reason that belongs to the cause says more than both.
    const why = verdict.why === reason ? (spec.why ?? reason) : verdict.why;
    return { id: spec.id, title, ...verdict, why, ms };
  });
}

/** What an observation must contain for all these checks. Throws ArgumentError as `judge` does. */
export function requestFor(specs: readonly CheckSpec[]): ObservationRequest {
  const reads = specs.map((spec) => {
    const { kind, args } = usable(spec);
    return kind.reads(args);
  });
  return {
    parts: [...new Set(reads.flatMap(({ parts = [] }) => parts))],
    files: [...new Set(reads.flatMap(({ files = [] }) => files))],
    experiments: [...new Set(reads.flatMap(({ experiments = [] }) => experiments))],
    data: [...new Set(reads.flatMap(({ data = [] }) => data))],
  };
}

/** The check's kind and its arguments as the kind reads them. A lesson keeps them as they were written. */
function usable(spec: CheckSpec): { kind: CheckKind<unknown>; args: unknown } {
  const kind = Object.hasOwn(KINDS, spec.kind) ? KINDS[spec.kind] : undefined;
  if (!kind || !isRecord(spec.args)) {
    throw new ArgumentError(spec.kind, `${spec.id}: there is no kind of check called "${spec.kind}".`);
  }
  return { kind, args: kind.parse(spec.args) };
}
