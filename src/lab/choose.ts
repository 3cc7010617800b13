import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Names } from '../course/types.ts';
import type { Lab } from './lab.ts';
import { DATA_FOLDERS } from './workspace.ts';

/** The lab in use, why it is this one, and how to get the other; whole sentences. */
export interface Choice {
  lab: Lab;
  why: string;
  other: string;
}

export interface ChooseOptions {
  wanted: 'auto' | 'docker' | 'sandbox';
  /** Absolute real path of the learner's folder. */
  workspace: string;
  names: Names;
  env?: NodeJS.ProcessEnv;
}

const TO_SANDBOX = 'The other lab, two servers without Docker: --lab sandbox.';
const TO_IMAGE = 'The other lab, real containers: bring the image, then --lab docker.';
const TO_DOCKER = 'The other lab, real containers: start Docker, then --lab docker.';

/**
 * Takes the lab that was asked for. `auto` stays with the one in which this folder's servers are; else it takes
 * docker where its engine answers and the image is here or can be pulled, else the sandbox.
 */
export async function chooseLab(options: ChooseOptions): Promise<Choice> {
  const { wanted, workspace, names } = options;
  if (wanted === 'sandbox') return sandbox(options, 'you asked for it');
  if (wanted === 'docker') return { lab: await docker(options), why: 'you asked for it', other: TO_SANDBOX };
  const used = await usedLab(workspace);
  if (used === 'sandbox') {
    const choice = await sandbox(options, "this folder's walk began in it");
    return { ...choice, other: `${TO_DOCKER} Reset first: the two can not share a data folder.` };
  }
  const lab = await docker(options);
  if (used === 'docker') return { lab, why: "this folder's walk began in it", other: TO_SANDBOX };
  const first = await lab.glance();
  if (first.state === 'down') return fallBack(options, first.problem, lab, lab.leaveChosen);
  if (first.state === 'ready')
    return { lab, why: `Docker answers and has the image ${names.image}`, other: TO_SANDBOX };
  const engine = await lab.engine();
  const [problem] = await lab.engineProblems();
  if (problem) return fallBack(options, problem.message, lab, engine.state === 'down' ? lab.leaveChosen : '');
  const image = names.image ?? '';
  const why = `Docker ${engine.state === 'up' ? engine.version : ''} answers`;
  if ((await lab.image()).state === 'present')
    return { lab, why: `${why} and has the image ${image}`, other: TO_SANDBOX };
  if (await lab.canPull()) return { lab, why: `${why} and can pull the image ${image}`, other: TO_SANDBOX };
  const choice = await fallBack(
    options,
    `${why}, but the image ${image} is not here and can not be pulled.`,
    lab,
  );
  return choice.lab === lab ? choice : { ...choice, other: TO_IMAGE };
}

/**
 * The sandbox in place of Docker; where it can't run either, the docker lab, whose own words tell what to do.
 * @param leave How to get away from an engine that was chosen and is down; else ''.
 */
async function fallBack(options: ChooseOptions, problem: string, instead: Lab, leave = ''): Promise<Choice> {
  const { sandboxProblem } = await import('./sandbox/lab.ts');
  const missing = sandboxProblem();
  if (missing === null) {
    const choice = await sandbox(options, inSentence(problem));
    return { ...choice, other: `${choice.other} ${leave}`.trimEnd() };
  }
  return { lab: instead, why: `the sandbox can't run here: ${inSentence(missing)}`, other: '' };
}

/** A sentence as the rest of another one. */
const inSentence = (sentence: string): string =>
  sentence.replace(/\.$/, '').replace(/^(?:It|No|The|This|What|You|Your)\b/, (word) => word.toLowerCase());

async function docker({ workspace, names, env }: ChooseOptions) {
  const { openDockerLab } = await import('./docker/lab.ts');
  return openDockerLab({ workspace, names, ...(env ? { env } : {}) });
}

async function sandbox({ workspace, names, env }: ChooseOptions, why: string): Promise<Choice> {
  const { openSandboxLab } = await import('./sandbox/lab.ts');
  return { lab: openSandboxLab({ workspace, names, ...(env ? { env } : {}) }), why, other: TO_DOCKER };
}

/** The lab in which this folder's servers were made, as far as there still is data of theirs. */
async function usedLab(workspace: string): Promise<'docker' | 'sandbox' | null> {
  if ((await containersIn(path.join(workspace, '.walkthrough', 'sandbox', 'engine.json'))) > 0)
    return 'sandbox';
  const noted = await notedLab(path.join(workspace, '.walkthrough', 'progress.json'));
  if (noted === null) return null;
  const data = await Promise.all(
    DATA_FOLDERS.map((folder) => stat(path.join(workspace, folder)).catch(() => null)),
  );
  return data.some((one) => one !== null) ? noted : null;
}

async function containersIn(file: string): Promise<number> {
  const stored = (await readJson(file)) as { containers?: unknown[] } | null;
  return stored?.containers?.length ?? 0;
}

async function notedLab(file: string): Promise<'docker' | 'sandbox' | null> {
  const { lab } = ((await readJson(file)) ?? {}) as { lab?: unknown };
  return lab === 'docker' || lab === 'sandbox' ? lab : null;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}
