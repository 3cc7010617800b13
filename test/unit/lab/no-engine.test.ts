import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bindNames } from '../../../src/course/bind.ts';
import { readCourse } from '../../../src/course/read.ts';
import { openDockerLab } from '../../../src/lab/docker/lab.ts';
import { examine } from '../../../src/learn/examine.ts';

it('step 2 is an error of the environment where no engine answers', async () => {
  const workspace = await mkdtemp(path.join(tmpdir(), 'walkthrough-'));
  onTestFinished(() => rm(workspace, { recursive: true }));
  const read = await readCourse(path.resolve('lessons'));
  const env = { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  const lab = await openDockerLab({ workspace, names: read.names, env });
  onTestFinished(() => lab.close());
  const course = bindNames(read, { ...read.names, project: lab.project });
  const checks = course.lessons[1]?.tasks.flatMap((task) => task.checks) ?? [];
  const { findings } = await examine(lab, course, checks);
  expect(findings.length).toBeGreaterThan(1);
  expect(findings.map((finding) => finding.state)).toEqual(findings.map(() => 'error'));
  expect(findings[0]?.saw).toContain('/nowhere/docker.sock');
});
