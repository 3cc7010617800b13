import { describe, expect, it } from 'vitest';
import type { Finding, FindingState } from '../../../src/check/finding.ts';
import type { CheckKind } from '../../../src/check/kind.ts';
import type { MistakeId } from '../../../src/check/mistakes.ts';
import { judge } from '../../../src/check/registry.ts';
import type { Observation } from '../../../src/observe/types.ts';
import { healthy, SECRETS, type Stage } from './healthy.ts';

type Raw = Record<string, unknown>;
type Change = (observation: Observation) => void;

/** One situation: the healthy observation of the stage, changed, and the arguments where they are not the usual ones. */
export interface Case {
  change?: Change;
  stage?: Stage;
  raw?: Raw;
}

export interface TroubleCase extends Case {
  /** null: fails (or can't be asked) for a reason that has no name. */
  mistake: MistakeId | null;
  /** `failed` unless said otherwise. */
  state?: Exclude<FindingState, 'passed'>;
  saw?: RegExp;
  why?: RegExp;
}

export interface KindTests {
  /** Arguments as a lesson has them. */
  raw: Raw;
  stage: Stage;
  passes: Record<string, Case>;
  troubles: Record<string, TroubleCase>;
}

export function find<Args>(
  kind: CheckKind<Args>,
  tests: { raw: Raw; stage: Stage },
  { change, stage, raw }: Case,
): Finding {
  const observation = healthy(stage ?? tests.stage);
  change?.(observation);
  // A recorded observation is plain JSON, and judges must not need more.
  const recorded = JSON.parse(JSON.stringify(observation)) as Observation;
  const [finding] = judge(
    [{ id: 'lesson/check', kind: kind.kind, args: raw ?? tests.raw, once: false }],
    recorded,
  );
  if (!finding) throw new Error('judge gave no finding');
  return finding;
}

/** Table tests of a kind: what passes, and each mistake that it can name. Its list of mistakes must be exactly those. */
export function describeKind<Args>(kind: CheckKind<Args>, tests: KindTests): void {
  describe(kind.kind, () => {
    it.each(Object.entries(tests.passes))('passes: %s', (_, one) => {
      const finding = find(kind, tests, one);
      expect(finding.state, show(finding)).toBe('passed');
      expectComplete(finding);
    });

    it.each(Object.entries(tests.troubles))('names the trouble: %s', (_, one) => {
      const finding = find(kind, tests, one);
      expect({ state: finding.state, mistake: finding.mistake ?? null }, show(finding)).toEqual({
        state: one.state ?? 'failed',
        mistake: one.mistake,
      });
      if (one.saw) expect(finding.saw, show(finding)).toMatch(one.saw);
      if (one.why) expect(finding.why, show(finding)).toMatch(one.why);
      expectComplete(finding);
    });

    it('lists exactly the mistakes that it can name', () => {
      const named = Object.values(tests.troubles).flatMap((one) => find(kind, tests, one).mistake ?? []);
      expect([...kind.mistakes].sort()).toEqual([...new Set(named)].sort());
    });

    it('explains each mistake in other words', () => {
      const explained = new Map<string, MistakeId>();
      for (const one of Object.values(tests.troubles)) {
        const finding = find(kind, tests, one);
        const known = explained.get(finding.why);
        if (known && finding.mistake)
          expect(finding.mistake, `the same reason as ${known}: ${finding.why}`).toBe(known);
        if (finding.mistake) explained.set(finding.why, finding.mistake);
      }
    });

    it('refuses an argument that it does not know', () => {
      expect(() => kind.parse({ ...tests.raw, colour: 'green' })).toThrow(
        expect.objectContaining({ name: 'ArgumentError', key: 'colour' }),
      );
    });
  });
}

/** All four texts are there, short, and without a secret. */
function expectComplete(finding: Finding): void {
  for (const key of ['title', 'probe', 'saw', 'wanted', 'why'] as const) {
    expect(finding[key].trim(), `${key} of ${show(finding)}`).not.toBe('');
    expect(finding[key], `${key} of ${show(finding)}`).not.toMatch(/undefined|null|\[object|NaN|\S {2,}\S/);
  }
  for (const secret of SECRETS) expect(JSON.stringify(finding)).not.toContain(secret);
}

function show(finding: Finding): string {
  const { state, mistake, title, probe, saw, wanted, why } = finding;
  return `\n  ${state} ${mistake ?? ''}: ${title}\n  probe   ${probe}\n  saw     ${saw}\n  wanted  ${wanted}\n  why     ${why}\n`;
}
