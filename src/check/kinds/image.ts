import { only, text } from '../args.ts';
import { sameImage } from '../image-name.ts';
import type { CheckKind } from '../kind.ts';
import { needEngine } from '../needs.ts';
import { cannotAsk, failed, passed } from '../verdict.ts';

interface ImageArgs {
  image: string;
}

export const image: CheckKind<ImageArgs> = {
  kind: 'image',
  accepts: [],
  mistakes: ['no-engine', 'image-missing'],
  parse(raw) {
    only(raw, 'image', []);
    return { image: text(raw, 'image') };
  },
  title: ({ image }) => `the image ${image} is on this machine`,
  why: () => 'Both servers and the base backup use this one image, so that their versions fit.',
  reads: () => ({ parts: ['engine', 'image'] }),
  judge(observation, args) {
    const down = needEngine(observation);
    if (down) return down;
    const { image: found } = observation;
    const question = { probe: `docker image inspect ${args.image}`, wanted: `image ${args.image}` };
    if (found.state === 'unknown') {
      return cannotAsk(question, null, 'the engine did not say', 'The engine must list its images.');
    }
    if (found.state === 'missing' || sameImage(found.reference, args.image) === false) {
      const why = 'Without it the first start must download it, which can take minutes or fail.';
      return failed(question, 'image-missing', `no image ${args.image}`, why);
    }
    return passed(
      question,
      `${found.reference}, ${found.arch}${found.major ? `, PostgreSQL ${found.major}` : ''}`,
    );
  },
};
