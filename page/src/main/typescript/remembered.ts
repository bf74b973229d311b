/** Returns a function that keeps its last result while its arguments are the same. */
export function remembered<A extends unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: {args: A; result: R} | undefined;
  return (...args) => {
    if (last === undefined || args.length !== last.args.length || args.some((arg, index) => arg !== last!.args[index])) {
      last = {args, result: compute(...args)};
    }
    return last.result;
  };
}
