/** `postgres:14` and `docker.io/library/postgres:14` are the same image. */
export function sameImage(left: string, right: string): boolean {
  const short = (name: string) => name.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  return short(left) === short(right);
}
