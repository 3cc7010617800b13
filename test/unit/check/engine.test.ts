import { expect, it } from 'vitest';
import { engine } from '../../../src/check/kinds/engine.ts';
import { image } from '../../../src/check/kinds/image.ts';
import type { Observation } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { NO_ENGINE } from './shared-troubles.ts';

const composeVersion = (compose: string | null) => ({
  change: ({ engine }: Observation) => {
    if (engine.state === 'up') engine.compose = compose;
  },
});

const withImage = (state: Observation['image']) => ({
  change: (observation: Observation) => {
    observation.image = state;
  },
});

describeKind(engine, {
  raw: { engine: 'docker', compose: '>=2.20' },
  stage: 'nothing',
  passes: {
    'Debian 2.26.1-4': {},
    'exactly the oldest': composeVersion('v2.20.0'),
    'Docker Desktop': composeVersion('2.20.2-desktop.1'),
    'a later major version': composeVersion('5.1.0'),
    'no Compose, where none is asked for': { ...composeVersion(null), raw: { engine: 'docker' } },
  },
  troubles: {
    ...NO_ENGINE,
    'Compose is too old': { ...composeVersion('2.9.0'), mistake: 'compose-too-old', saw: /2\.9\.0/ },
    'Compose 1': { ...composeVersion('1.29.2'), mistake: 'compose-too-old' },
    'no Compose': { ...composeVersion(null), mistake: 'compose-too-old', saw: /not found/, why: /plugin/ },
  },
});

it('engine refuses a range that it can not read', () => {
  expect(() => engine.parse({ engine: 'docker', compose: '^2' })).toThrow(/>=2\.20/);
});

describeKind(image, {
  raw: { image: 'postgres:14' },
  stage: 'nothing',
  passes: {
    'it is there': {},
    'by its full name': withImage({
      state: 'present',
      reference: 'docker.io/library/postgres:14',
      id: 'sha256:1',
      arch: 'arm64',
      major: null,
    }),
  },
  troubles: {
    ...NO_ENGINE,
    'it is not there': {
      ...withImage({ state: 'missing', reference: 'postgres:14' }),
      mistake: 'image-missing',
    },
    'another one is there': {
      ...withImage({ state: 'present', reference: 'postgres:15', id: 'sha256:1', arch: 'amd64', major: 15 }),
      mistake: 'image-missing',
    },
    'the engine does not say': {
      ...withImage({ state: 'unknown', reference: 'postgres:14' }),
      state: 'error',
      mistake: null,
    },
  },
});
